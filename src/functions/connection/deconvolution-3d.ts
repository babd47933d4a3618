import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { type DeconvolutionNdOptions, deconvolutionNd } from './deconvolution-nd.js';

/**
 * Transposed convolution over three axes: {@link deconvolutionNd} of x (N, C, D, H, W) and W (C, O/groups, kd, kh, kw). Follows
 * chainer.functions.deconvolution_3d.
 *
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function deconvolution3d(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: DeconvolutionNdOptions = {},
): Variable {
  x = input('deconvolution3d', 'x', x, W);
  W = input('deconvolution3d', 'W', W, x);
  if (b !== null) b = input('deconvolution3d', 'b', b, x);
  checkOptions('deconvolution3d', options, { outsize: 1, dilate: 1, groups: 1 });
  checkNdim('deconvolution3d', 'x', x, 'N, C, D, H, W');
  return deconvolutionNd(x, W, b, stride, pad, options);
}
