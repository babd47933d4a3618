import type { Variable } from '../../core/variable.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { square } from '../math/square.js';
import { difference } from './difference.js';

/**
 * (x0 − x1)², elementwise, without a factor ½. Follows chainer.functions.squared_error.
 *
 * @throws ShapeError if shapes differ, DTypeError if dtypes differ or are not floating.
 */
export function squaredError(x0: FunctionOperand, x1: FunctionOperand): Variable {
  x0 = input('squaredError', 'x0', x0, x1);
  x1 = input('squaredError', 'x1', x1, x0);
  return square(difference('squaredError', x0, x1));
}

/** (x1 − x2)²: {@link squaredError} by another name. Follows chainer.functions.squared_difference. */
export function squaredDifference(x1: FunctionOperand, x2: FunctionOperand): Variable {
  x1 = input('squaredDifference', 'x1', x1, x2);
  x2 = input('squaredDifference', 'x2', x2, x1);
  return square(difference('squaredDifference', x1, x2));
}
