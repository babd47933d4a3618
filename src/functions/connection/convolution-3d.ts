import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { type ConvolutionNdOptions, convolutionNd } from './convolution-nd.js';

/**
 * Convolution over three axes: {@link convolutionNd} of x (N, C, D, H, W) and W (O, C/groups, kd, kh, kw). Follows chainer.functions.convolution_3d.
 *
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function convolution3d(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: ConvolutionNdOptions = {},
): Variable {
  x = input('convolution3d', 'x', x, W);
  W = input('convolution3d', 'W', W, x);
  if (b !== null) b = input('convolution3d', 'b', b, x);
  checkOptions('convolution3d', options, { coverAll: 1, dilate: 1, groups: 1 });
  checkNdim('convolution3d', 'x', x, 'N, C, D, H, W');
  return convolutionNd(x, W, b, stride, pad, options);
}
