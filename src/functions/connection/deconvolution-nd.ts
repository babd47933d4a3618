import type { Variable, VariableLike } from '../../core/variable.js';
import { sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { type Sizes, sizes } from '../arguments/window-sizes.js';
import { reshape } from '../array/reshape.js';
import { add } from '../math/add.js';
import { matmul } from '../math/matmul.js';
import { fold } from '../nodes/unfold.js';
import { checkChannels } from './channels.js';
import { channelBias, checkConvolutionNd } from './convolution-nd.js';
import { type Deconvolution2dOptions, deconvolution2d, deconvolvedSize } from './deconvolution-2d.js';

/** Options of {@link deconvolutionNd}; sizes are one number or one for each spatial axis. */
export type DeconvolutionNdOptions = Deconvolution2dOptions;

/**
 * Transposed convolution over as many axes as W has beyond its first two: x (N, C, o…), W (C, O/groups, k…), b (O,) →
 * (N, O, d…). One and two axes run {@link deconvolution2d}; more axes run a matrix product and add up its columns. Follows
 * chainer.functions.deconvolution_nd.
 *
 * @param stride default 1
 * @param pad elements cut off on each side, as many as a convolution would pad; default 0
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function deconvolutionNd(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: DeconvolutionNdOptions = {},
): Variable {
  x = input('deconvolutionNd', 'x', x, W);
  W = input('deconvolutionNd', 'W', W, x);
  if (b !== null) b = input('deconvolutionNd', 'b', b, x);
  checkOptions('deconvolutionNd', options, { outsize: 1, dilate: 1, groups: 1 });
  const op = 'deconvolutionNd';
  const { outsize = null, dilate = 1, groups = 1 } = options;
  const [n, c, ...counts] = x.shape;
  const [, oPerGroup, ...ksize] = W.shape;
  checkConvolutionNd(op, x, W, ksize.length);
  const axes = ksize.length;
  const s = sizes(op, 'stride', stride, axes, 1);
  const p = sizes(op, 'pad', pad, axes, 0);
  const d = sizes(op, 'dilate', dilate, axes, 1);
  if (axes === 2) return deconvolution2d(x, W, b, s, p, { outsize, dilate: d, groups });
  checkChannels(op, 'input first', x, W, b, groups);
  if (axes === 1) {
    const image = (a: VariableLike) => reshape(a, [a.shape[0], a.shape[1], 1, a.shape[2]]);
    const size = outsize === null ? null : [1, sizes(op, 'outsize', outsize, 1, 1)[0]];
    const y = deconvolution2d(image(x), image(W), b, [1, s[0]], [0, p[0]], {
      outsize: size,
      dilate: [1, d[0]],
      groups,
    });
    return reshape(y, [n, y.shape[1], y.shape[3]]);
  }
  checkFloating(op, ...[x, W, ...(b ? [b] : [])].map(arrayOf));
  const size = deconvolvedSize(op, x, W, { stride: s, pad: p, dilation: d }, outsize);
  const o = oPerGroup * groups;
  // (groups, C/groups, O/groups·k…)ᵀ · (N, groups, C/groups, o…)
  const columns = matmul(
    reshape(W, [groups, c / groups, oPerGroup * sizeOf(ksize)]),
    reshape(x, [n, groups, c / groups, sizeOf(counts)]),
    true,
  );
  const windows = { ksize, stride: s, pad: p, dilation: d, counts };
  const y = fold(reshape(columns, [n, o, sizeOf(ksize), sizeOf(counts)]), windows, [n, o, ...size]);
  return b ? add(y, channelBias(b, axes + 2)) : y;
}
