import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { type MaxPoolingNdOptions, maxPoolingNd } from './max-pooling-nd.js';

/**
 * Max pooling over one axis: {@link maxPoolingNd} of x (N, C, L). Follows chainer.functions.max_pooling_1d.
 *
 * @throws ShapeError if x is not (N, C, L) or no window fits, DTypeError unless x is floating.
 */
export function maxPooling1d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null | undefined,
  pad: Sizes | undefined,
  options: MaxPoolingNdOptions & { returnIndices: true },
): [y: Variable, indices: Variable];
export function maxPooling1d(
  x: FunctionOperand,
  ksize: Sizes,
  stride?: Sizes | null,
  pad?: Sizes,
  options?: MaxPoolingNdOptions & { returnIndices?: false },
): Variable;
export function maxPooling1d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: MaxPoolingNdOptions = {},
): Variable | [y: Variable, indices: Variable] {
  x = input('maxPooling1d', 'x', x);
  checkOptions('maxPooling1d', options, { coverAll: 1, returnIndices: 1 });
  checkNdim('maxPooling1d', 'x', x, 'N, C, L');
  const { coverAll, returnIndices = false } = options;
  return returnIndices
    ? maxPoolingNd(x, ksize, stride, pad, { coverAll, returnIndices })
    : maxPoolingNd(x, ksize, stride, pad, { coverAll });
}
