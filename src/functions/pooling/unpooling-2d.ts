import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { type UnpoolingNdOptions, unpoolingNd } from './unpooling-nd.js';

/**
 * The inverse of pooling over two axes: {@link unpoolingNd} of x (N, C, h, w). Follows chainer.functions.unpooling_2d.
 *
 * @throws ShapeError if x is not (N, C, h, w) or `outsize` does not fit, DTypeError unless x is floating.
 */
export function unpooling2d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: UnpoolingNdOptions = {},
): Variable {
  x = input('unpooling2d', 'x', x);
  checkOptions('unpooling2d', options, { outsize: 1, coverAll: 1 });
  checkNdim('unpooling2d', 'x', x, 'N, C, h, w');
  return unpoolingNd(x, ksize, stride, pad, options);
}
