import type { Variable, VariableLike } from '../../core/variable.js';
import { checkNdim } from '../operands.js';
import type { Sizes } from '../pairs.js';
import { type ConvolutionNdOptions, convolutionNd } from './convolution-nd.js';

/**
 * Convolution over three axes: {@link convolutionNd} of x (N, C, D, H, W) and W (O, C/groups, kd, kh, kw). Follows chainer.functions.convolution_3d.
 *
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function convolution3d(
  x: VariableLike,
  W: VariableLike,
  b: VariableLike | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: ConvolutionNdOptions = {},
): Variable {
  checkNdim('convolution3d', 'x', x, 'N, C, D, H, W');
  return convolutionNd(x, W, b, stride, pad, options);
}
