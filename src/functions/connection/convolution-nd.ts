import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { batchAxisNames, missingAxesRemedy } from '../arguments/remedies.js';
import { type Sizes, sizes, windowCounts } from '../arguments/window-sizes.js';
import { reshape } from '../array/reshape.js';
import { add } from '../math/add.js';
import { matmul } from '../math/matmul.js';
import { unfold } from '../nodes/unfold.js';
import { checkChannels } from './channels.js';
import { type Convolution2dOptions, convolution2d } from './convolution-2d.js';

/** Options of {@link convolutionNd}; sizes are one number or one for each spatial axis. */
export type ConvolutionNdOptions = Convolution2dOptions;

/** Refuses x and W that do not have `n` spatial axes. */
export function checkConvolutionNd(op: string, x: VariableLike, W: VariableLike, n: number): void {
  if (n < 1 || x.shape.length !== n + 2 || W.shape.length !== n + 2) {
    throw new ShapeError(
      `${op}: expected x (N, C, …) and W with ${Math.max(n, 1)} spatial axes, got x ${formatShape(x.shape)} and W ${formatShape(W.shape)}` +
        missingAxesRemedy('x', x.shape, batchAxisNames(n + 2)),
    );
  }
}

/** A bias (O,) as (1, O, 1, …), which broadcasts to (N, O, …). */
export function channelBias(b: VariableLike, ndim: number): Variable {
  return reshape(b, [1, -1, ...new Array<number>(ndim - 2).fill(1)]);
}

/**
 * Convolution over as many axes as W has beyond its first two: x (N, C, d…), W (O, C/groups, k…), b (O,) → (N, O, o…).
 * One and two axes run {@link convolution2d}; more run a matrix product with the windows as columns. Follows
 * chainer.functions.convolution_nd.
 *
 * @param stride default 1
 * @param pad zeros on each side, default 0
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function convolutionNd(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: ConvolutionNdOptions = {},
): Variable {
  x = input('convolutionNd', 'x', x, W);
  W = input('convolutionNd', 'W', W, x);
  if (b !== null) b = input('convolutionNd', 'b', b, x);
  checkOptions('convolutionNd', options, { coverAll: 1, dilate: 1, groups: 1 });
  const op = 'convolutionNd';
  const { coverAll = false, dilate = 1, groups = 1 } = options;
  const n = x.shape[0];
  const [o, cPerGroup, ...ksize] = W.shape;
  checkConvolutionNd(op, x, W, ksize.length);
  const axes = ksize.length;
  const s = sizes(op, 'stride', stride, axes, 1);
  const p = sizes(op, 'pad', pad, axes, 0);
  const d = sizes(op, 'dilate', dilate, axes, 1);
  if (axes === 2) return convolution2d(x, W, b, s, p, { coverAll, dilate: d, groups });
  checkChannels(op, 'output first', x, W, b, groups);
  if (axes === 1) {
    const image = (a: VariableLike) => reshape(a, [a.shape[0], a.shape[1], 1, a.shape[2]]);
    const y = convolution2d(image(x), image(W), b, [1, s[0]], [0, p[0]], { coverAll, dilate: [1, d[0]], groups });
    return reshape(y, [n, o, y.shape[3]]);
  }
  checkFloating(op, ...[x, W, ...(b ? [b] : [])].map(arrayOf));
  const counts = windowCounts(op, x, ksize, { stride: s, pad: p, dilation: d }, coverAll);
  const columns = unfold(x, { ksize, stride: s, pad: p, dilation: d, counts });
  // (groups, O/groups, C/groups·k…) · (N, groups, C/groups·k…, o…)
  const rows = cPerGroup * sizeOf(ksize);
  const y = matmul(reshape(W, [groups, o / groups, rows]), reshape(columns, [n, groups, rows, sizeOf(counts)]));
  const shaped = reshape(y, [n, o, ...counts]);
  return b ? add(shaped, channelBias(b, axes + 2)) : shaped;
}
