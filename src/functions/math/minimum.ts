import type { Variable } from '../../core/variable.js';
import type { FunctionOperand } from '../arguments/operands.js';
import { largerOrSmaller } from './larger-or-smaller.js';

/**
 * The smaller of x1 and x2, broadcast; at ties x1 gets the gradient. It also takes numbers. Follows chainer.functions.minimum.
 *
 * @throws DTypeError if dtypes differ or are not floating, ShapeError if shapes do not broadcast.
 */
export function minimum(x1: FunctionOperand, x2: FunctionOperand): Variable {
  return largerOrSmaller('minimum', x1, x2);
}
