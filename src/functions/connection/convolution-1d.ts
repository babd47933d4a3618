import type { Variable, VariableLike } from '../../core/variable.js';
import { checkNdim } from '../operands.js';
import type { Sizes } from '../pairs.js';
import { type ConvolutionNdOptions, convolutionNd } from './convolution-nd.js';

/**
 * Convolution over one axis: {@link convolutionNd} of x (N, C, L) and W (O, C/groups, k). Follows chainer.functions.convolution_1d.
 *
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function convolution1d(
  x: VariableLike,
  W: VariableLike,
  b: VariableLike | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: ConvolutionNdOptions = {},
): Variable {
  checkNdim('convolution1d', 'x', x, 'N, C, L');
  return convolutionNd(x, W, b, stride, pad, options);
}
