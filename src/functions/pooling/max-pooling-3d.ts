import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { type MaxPoolingNdOptions, maxPoolingNd } from './max-pooling-nd.js';

/**
 * Max pooling over three axes: {@link maxPoolingNd} of x (N, C, D, H, W). Follows chainer.functions.max_pooling_3d.
 *
 * @throws ShapeError if x is not (N, C, D, H, W) or no window fits, DTypeError unless x is floating.
 */
export function maxPooling3d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null | undefined,
  pad: Sizes | undefined,
  options: MaxPoolingNdOptions & { returnIndices: true },
): [y: Variable, indices: Variable];
export function maxPooling3d(
  x: FunctionOperand,
  ksize: Sizes,
  stride?: Sizes | null,
  pad?: Sizes,
  options?: MaxPoolingNdOptions & { returnIndices?: false },
): Variable;
export function maxPooling3d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: MaxPoolingNdOptions = {},
): Variable | [y: Variable, indices: Variable] {
  x = input('maxPooling3d', 'x', x);
  checkOptions('maxPooling3d', options, { coverAll: 1, returnIndices: 1 });
  checkNdim('maxPooling3d', 'x', x, 'N, C, D, H, W');
  const { coverAll, returnIndices = false } = options;
  return returnIndices
    ? maxPoolingNd(x, ksize, stride, pad, { coverAll, returnIndices })
    : maxPoolingNd(x, ksize, stride, pad, { coverAll });
}
