import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { type AveragePoolingNdOptions, averagePoolingNd } from './average-pooling-nd.js';

/**
 * Average pooling over one axis: {@link averagePoolingNd} of x (N, C, L). Follows chainer.functions.average_pooling_1d.
 *
 * @throws ShapeError if x is not (N, C, L) or no window fits, DTypeError unless x is floating.
 */
export function averagePooling1d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: AveragePoolingNdOptions = {},
): Variable {
  x = input('averagePooling1d', 'x', x);
  checkOptions('averagePooling1d', options, { padValue: 1 });
  checkNdim('averagePooling1d', 'x', x, 'N, C, L');
  return averagePoolingNd(x, ksize, stride, pad, options);
}
