import type { Variable, VariableLike } from '../../core/variable.js';
import { checkNdim } from '../operands.js';
import type { Sizes } from '../pairs.js';
import { type AveragePoolingNdOptions, averagePoolingNd } from './average-pooling-nd.js';

/**
 * Average pooling over one axis: {@link averagePoolingNd} of x (N, C, L). Follows chainer.functions.average_pooling_1d.
 *
 * @throws ShapeError if x is not (N, C, L) or no window fits, DTypeError unless floating.
 */
export function averagePooling1d(
  x: VariableLike,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: AveragePoolingNdOptions = {},
): Variable {
  checkNdim('averagePooling1d', 'x', x, 'N, C, L');
  return averagePoolingNd(x, ksize, stride, pad, options);
}
