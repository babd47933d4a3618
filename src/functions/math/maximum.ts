import type { Variable } from '../../core/variable.js';
import type { FunctionOperand } from '../arguments/operands.js';
import { largerOrSmaller } from './larger-or-smaller.js';

/**
 * The larger of x1 and x2, broadcast; at ties x1 gets the gradient. It also takes numbers. Follows chainer.functions.maximum.
 *
 * @throws DTypeError if dtypes differ or are not floating, ShapeError if shapes do not broadcast.
 */
export function maximum(x1: FunctionOperand, x2: FunctionOperand): Variable {
  return largerOrSmaller('maximum', x1, x2);
}
