import type { Variable, VariableLike } from '../../core/variable.js';
import { absolute } from '../math/absolute.js';
import { mean } from '../math/average.js';
import { difference } from './difference.js';

/**
 * The mean of |x0 − x1| over all elements. Follows chainer.functions.mean_absolute_error.
 *
 * @throws ShapeError if shapes differ, DTypeError if dtypes differ or are not floating.
 */
export function meanAbsoluteError(x0: VariableLike, x1: VariableLike): Variable {
  return mean(absolute(difference('meanAbsoluteError', x0, x1)));
}
