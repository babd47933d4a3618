import type { Variable } from '../../core/variable.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { mean } from '../math/average.js';
import { square } from '../math/square.js';
import { difference } from './difference.js';

/**
 * The mean of (x0 − x1)² over all elements, without a factor ½. Follows chainer.functions.mean_squared_error.
 *
 * @example
 * F.meanSquaredError(np.array([1, 2]), np.array([1, 4])).item(); // 2
 *
 * @throws ShapeError if shapes differ, DTypeError if dtypes differ or are not floating.
 */
export function meanSquaredError(x0: FunctionOperand, x1: FunctionOperand): Variable {
  x0 = input('meanSquaredError', 'x0', x0, x1);
  x1 = input('meanSquaredError', 'x1', x1, x0);
  return mean(square(difference('meanSquaredError', x0, x1)));
}
