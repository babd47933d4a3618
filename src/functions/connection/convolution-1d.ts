import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { type ConvolutionNdOptions, convolutionNd } from './convolution-nd.js';

/**
 * Convolution over one axis: {@link convolutionNd} of x (N, C, L) and W (O, C/groups, k). Follows chainer.functions.convolution_1d.
 *
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function convolution1d(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: ConvolutionNdOptions = {},
): Variable {
  x = input('convolution1d', 'x', x, W);
  W = input('convolution1d', 'W', W, x);
  if (b !== null) b = input('convolution1d', 'b', b, x);
  checkOptions('convolution1d', options, { coverAll: 1, dilate: 1, groups: 1 });
  checkNdim('convolution1d', 'x', x, 'N, C, L');
  return convolutionNd(x, W, b, stride, pad, options);
}
