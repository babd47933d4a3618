import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { type DeconvolutionNdOptions, deconvolutionNd } from './deconvolution-nd.js';

/**
 * Transposed convolution over one axis: {@link deconvolutionNd} of x (N, C, L) and W (C, O/groups, k). Follows
 * chainer.functions.deconvolution_1d.
 *
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function deconvolution1d(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: DeconvolutionNdOptions = {},
): Variable {
  x = input('deconvolution1d', 'x', x, W);
  W = input('deconvolution1d', 'W', W, x);
  if (b !== null) b = input('deconvolution1d', 'b', b, x);
  checkOptions('deconvolution1d', options, { outsize: 1, dilate: 1, groups: 1 });
  checkNdim('deconvolution1d', 'x', x, 'N, C, L');
  return deconvolutionNd(x, W, b, stride, pad, options);
}
