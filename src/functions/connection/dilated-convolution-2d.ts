import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { convolution2d } from './convolution-2d.js';

/** Options of {@link dilatedConvolution2d}. */
export interface DilatedConvolution2dOptions {
  /** Let the last windows reach beyond the input, so that they cover every pixel. Default false. */
  coverAll?: boolean;
}

/**
 * {@link convolution2d} with the dilation among the positional arguments. Follows
 * chainer.functions.dilated_convolution_2d.
 *
 * @throws ShapeError if channels or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function dilatedConvolution2d(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  dilate: Sizes = 1,
  options: DilatedConvolution2dOptions = {},
): Variable {
  x = input('dilatedConvolution2d', 'x', x, W);
  W = input('dilatedConvolution2d', 'W', W, x);
  if (b !== null) b = input('dilatedConvolution2d', 'b', b, x);
  checkOptions('dilatedConvolution2d', options, { coverAll: 1 });
  return convolution2d(x, W, b, stride, pad, { ...options, dilate });
}
