import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { type UnpoolingNdOptions, unpoolingNd } from './unpooling-nd.js';

/**
 * The inverse of pooling over three axes: {@link unpoolingNd} of x (N, C, d, h, w). Follows chainer.functions.unpooling_3d.
 *
 * @throws ShapeError if x is not (N, C, d, h, w) or `outsize` does not fit, DTypeError unless x is floating.
 */
export function unpooling3d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: UnpoolingNdOptions = {},
): Variable {
  x = input('unpooling3d', 'x', x);
  checkOptions('unpooling3d', options, { outsize: 1, coverAll: 1 });
  checkNdim('unpooling3d', 'x', x, 'N, C, d, h, w');
  return unpoolingNd(x, ksize, stride, pad, options);
}
