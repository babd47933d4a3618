import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { type AveragePoolingNdOptions, averagePoolingNd } from './average-pooling-nd.js';

/**
 * Average pooling over three axes: {@link averagePoolingNd} of x (N, C, D, H, W). Follows chainer.functions.average_pooling_3d.
 *
 * @throws ShapeError if x is not (N, C, D, H, W) or no window fits, DTypeError unless x is floating.
 */
export function averagePooling3d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: AveragePoolingNdOptions = {},
): Variable {
  x = input('averagePooling3d', 'x', x);
  checkOptions('averagePooling3d', options, { padValue: 1 });
  checkNdim('averagePooling3d', 'x', x, 'N, C, D, H, W');
  return averagePoolingNd(x, ksize, stride, pad, options);
}
