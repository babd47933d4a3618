import type { Conv2dGeometry } from '../../backends/primitives.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { pair, type Sizes, sizes, unwindowedLength, windowCount } from '../arguments/window-sizes.js';
import { convolveTransposed } from '../nodes/convolution-2d.js';
import { checkChannels } from './channels.js';

/** Options of {@link deconvolution2d}. */
export interface Deconvolution2dOptions {
  /** The (height, width) of the output, if several sizes fit. Default: the smallest that fits. */
  outsize?: Sizes | null;
  /** The distance between neighbouring pixels that a window writes. Default 1. */
  dilate?: Sizes;
  /** The number of groups. An output channel reads only the input channels of its group. Default 1. */
  groups?: number;
}

/**
 * The spatial size of the output of a transposed convolution: `outsize`, or the smallest that fits.
 *
 * @throws ShapeError if a convolution of an array of `outsize` never has the size of x, with or without `coverAll`.
 */
export function deconvolvedSize(
  op: string,
  x: VariableLike,
  W: VariableLike,
  geometry: Readonly<Record<'stride' | 'pad' | 'dilation', readonly number[]>>,
  outsize: Sizes | null,
): number[] {
  const counts = x.shape.slice(2);
  const asked = outsize === null ? null : sizes(op, 'outsize', outsize, counts.length, 1);
  return counts.map((count, k) => {
    const [ksize, stride, pad, dilation] = [W.shape[k + 2], geometry.stride[k], geometry.pad[k], geometry.dilation[k]];
    if (!asked) return unwindowedLength(op, count, ksize, stride, pad, false, dilation);
    const least = windowCount(op, asked[k], ksize, stride, pad, false, dilation);
    const most = windowCount(op, asked[k], ksize, stride, pad, true, dilation);
    if (count < least || count > most) {
      throw new ShapeError(
        `${op}: an outsize of ${asked[k]} has ${least} to ${most} windows but x has ${count} (x ${formatShape(x.shape)}, W ${formatShape(W.shape)})`,
      );
    }
    return asked[k];
  });
}

/**
 * Transposed two-dimensional convolution, the adjoint of {@link convolution2d} in its input: x (N, C, h, w),
 * W (C, O/groups, kh, kw), b (O,) → (N, O, H, W) with H = sy·(h−1) + (kh−1)·dy + 1 − 2·ph unless `outsize` says
 * otherwise. Follows chainer.functions.deconvolution_2d.
 *
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function deconvolution2d(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: Deconvolution2dOptions = {},
): Variable {
  x = input('deconvolution2d', 'x', x, W);
  W = input('deconvolution2d', 'W', W, x);
  if (b !== null) b = input('deconvolution2d', 'b', b, x);
  checkOptions('deconvolution2d', options, { outsize: 1, dilate: 1, groups: 1 });
  const { outsize = null, dilate = 1, groups = 1 } = options;
  const op = 'deconvolution2d';
  checkNdim(op, 'W', W, 'C, O/groups, kh, kw');
  checkNdim(op, 'x', x, 'N, C, h, w', W.shape[0]);
  const geometry: Conv2dGeometry = {
    stride: pair(op, 'stride', stride, 1),
    pad: pair(op, 'pad', pad, 0),
    dilation: pair(op, 'dilate', dilate, 1),
    groups,
  };
  checkChannels(op, 'input first', x, W, b, groups);
  const size = deconvolvedSize(op, x, W, geometry, outsize);
  return convolveTransposed(x, W, b, geometry, [x.shape[0], W.shape[1] * groups, ...size]);
}
