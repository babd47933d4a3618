import type { Variable, VariableLike } from '../../core/variable.js';
import { reshape } from '../array/reshape.js';
import { transpose } from '../array/transpose.js';
import { checkNdim } from '../operands.js';
import type { Sizes } from '../pairs.js';
import { convolution2d } from './convolution-2d.js';

/**
 * Convolution of each channel apart, with M kernels each: x (N, C, H, W), W (M, C, kh, kw), b (C·M,) → (N, C·M, oh, ow);
 * output channel c·M + m comes from channel c and kernel m. Follows chainer.functions.depthwise_convolution_2d.
 *
 * @param stride default 1
 * @param pad zeros on each side, default 0
 * @throws ShapeError if channels or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function depthwiseConvolution2d(
  x: VariableLike,
  W: VariableLike,
  b: VariableLike | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
): Variable {
  checkNdim('depthwiseConvolution2d', 'W', W, 'M, C, kh, kw');
  const [multiplier, channels, kh, kw] = W.shape;
  const kernels = reshape(transpose(W, [1, 0, 2, 3]), [channels * multiplier, 1, kh, kw]);
  return convolution2d(x, kernels, b, stride, pad, { groups: channels });
}
