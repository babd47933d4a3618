import type { Variable, VariableLike } from '../../core/variable.js';
import { mean } from '../math/average.js';
import { square } from '../math/square.js';
import { difference } from './difference.js';

/**
 * The mean of (x0 − x1)² over all elements, without a factor ½. Follows chainer.functions.mean_squared_error.
 *
 * @throws ShapeError if shapes differ, DTypeError if dtypes differ or are not floating.
 */
export function meanSquaredError(x0: VariableLike, x1: VariableLike): Variable {
  return mean(square(difference('meanSquaredError', x0, x1)));
}
