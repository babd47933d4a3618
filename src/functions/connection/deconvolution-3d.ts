import type { Variable, VariableLike } from '../../core/variable.js';
import { checkNdim } from '../operands.js';
import type { Sizes } from '../pairs.js';
import { type DeconvolutionNdOptions, deconvolutionNd } from './deconvolution-nd.js';

/**
 * Transposed convolution over three axes: {@link deconvolutionNd} of x (N, C, D, H, W) and W (C, O/groups, kd, kh, kw). Follows
 * chainer.functions.deconvolution_3d.
 *
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function deconvolution3d(
  x: VariableLike,
  W: VariableLike,
  b: VariableLike | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: DeconvolutionNdOptions = {},
): Variable {
  checkNdim('deconvolution3d', 'x', x, 'N, C, D, H, W');
  return deconvolutionNd(x, W, b, stride, pad, options);
}
