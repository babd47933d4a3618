import type { Variable } from '../../core/variable.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { reshape } from '../array/reshape.js';
import { transpose } from '../array/transpose.js';
import { convolution2d } from './convolution-2d.js';

/**
 * Convolution of each channel by itself, with M kernels each: x (N, C, H, W), W (M, C, kh, kw), b (C·M,) → (N, C·M, oh, ow);
 * output channel c·M + m comes from channel c and kernel m. Follows chainer.functions.depthwise_convolution_2d.
 *
 * @param stride default 1
 * @param pad zeros on each side, default 0
 * @throws ShapeError if channels or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function depthwiseConvolution2d(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
): Variable {
  x = input('depthwiseConvolution2d', 'x', x, W);
  W = input('depthwiseConvolution2d', 'W', W, x);
  if (b !== null) b = input('depthwiseConvolution2d', 'b', b, x);
  checkNdim('depthwiseConvolution2d', 'W', W, 'M, C, kh, kw');
  const [multiplier, channels, kh, kw] = W.shape;
  const kernels = reshape(transpose(W, [1, 0, 2, 3]), [channels * multiplier, 1, kh, kw]);
  return convolution2d(x, kernels, b, stride, pad, { groups: channels });
}
