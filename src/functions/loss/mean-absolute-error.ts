import type { Variable } from '../../core/variable.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { absolute } from '../math/absolute.js';
import { mean } from '../math/average.js';
import { difference } from './difference.js';

/**
 * The mean of |x0 − x1| over all elements. Follows chainer.functions.mean_absolute_error.
 *
 * @throws ShapeError if shapes differ, DTypeError if dtypes differ or are not floating.
 */
export function meanAbsoluteError(x0: FunctionOperand, x1: FunctionOperand): Variable {
  x0 = input('meanAbsoluteError', 'x0', x0, x1);
  x1 = input('meanAbsoluteError', 'x1', x1, x0);
  return mean(absolute(difference('meanAbsoluteError', x0, x1)));
}
