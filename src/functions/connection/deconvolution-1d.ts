import type { Variable, VariableLike } from '../../core/variable.js';
import { checkNdim } from '../operands.js';
import type { Sizes } from '../pairs.js';
import { type DeconvolutionNdOptions, deconvolutionNd } from './deconvolution-nd.js';

/**
 * Transposed convolution over one axis: {@link deconvolutionNd} of x (N, C, L) and W (C, O/groups, k). Follows
 * chainer.functions.deconvolution_1d.
 *
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function deconvolution1d(
  x: VariableLike,
  W: VariableLike,
  b: VariableLike | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: DeconvolutionNdOptions = {},
): Variable {
  checkNdim('deconvolution1d', 'x', x, 'N, C, L');
  return deconvolutionNd(x, W, b, stride, pad, options);
}
