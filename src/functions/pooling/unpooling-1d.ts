import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { type UnpoolingNdOptions, unpoolingNd } from './unpooling-nd.js';

/**
 * The inverse of pooling over one axis: {@link unpoolingNd} of x (N, C, l). Follows chainer.functions.unpooling_1d.
 *
 * @throws ShapeError if x is not (N, C, l) or `outsize` does not fit, DTypeError unless x is floating.
 */
export function unpooling1d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: UnpoolingNdOptions = {},
): Variable {
  x = input('unpooling1d', 'x', x);
  checkOptions('unpooling1d', options, { outsize: 1, coverAll: 1 });
  checkNdim('unpooling1d', 'x', x, 'N, C, l');
  return unpoolingNd(x, ksize, stride, pad, options);
}
