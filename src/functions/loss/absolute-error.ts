import type { Variable, VariableLike } from '../../core/variable.js';
import { absolute } from '../math/absolute.js';
import { difference } from './difference.js';

/**
 * |x0 − x1|, elementwise; the gradient at 0 is 0. Follows chainer.functions.absolute_error.
 *
 * @throws ShapeError if shapes differ, DTypeError if dtypes differ or are not floating.
 */
export function absoluteError(x0: VariableLike, x1: VariableLike): Variable {
  return absolute(difference('absoluteError', x0, x1));
}
