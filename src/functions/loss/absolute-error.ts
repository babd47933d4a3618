import type { Variable } from '../../core/variable.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { absolute } from '../math/absolute.js';
import { difference } from './difference.js';

/**
 * |x0 − x1|, elementwise; the gradient at 0 is 0. Follows chainer.functions.absolute_error.
 *
 * @throws ShapeError if shapes differ, DTypeError if dtypes differ or are not floating.
 */
export function absoluteError(x0: FunctionOperand, x1: FunctionOperand): Variable {
  x0 = input('absoluteError', 'x0', x0, x1);
  x1 = input('absoluteError', 'x1', x1, x0);
  return absolute(difference('absoluteError', x0, x1));
}
