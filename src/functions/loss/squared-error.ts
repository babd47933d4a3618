import type { Variable, VariableLike } from '../../core/variable.js';
import { square } from '../math/square.js';
import { difference } from './difference.js';

/**
 * (x0 − x1)², elementwise, without a factor ½. Follows chainer.functions.squared_error.
 *
 * @throws ShapeError if shapes differ, DTypeError if dtypes differ or are not floating.
 */
export function squaredError(x0: VariableLike, x1: VariableLike): Variable {
  return square(difference('squaredError', x0, x1));
}

/** (x1 − x2)²: {@link squaredError} by another name. Follows chainer.functions.squared_difference. */
export function squaredDifference(x1: VariableLike, x2: VariableLike): Variable {
  return square(difference('squaredDifference', x1, x2));
}
