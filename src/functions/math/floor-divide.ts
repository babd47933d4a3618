import type { Variable } from '../../core/variable.js';
import type { FunctionOperand } from '../arguments/operands.js';
import { div } from './divide.js';
import { floor } from './floor.js';

/**
 * ⌊a / b⌋, broadcast; no gradient flows through it. Follows Chainer's operator `//`.
 *
 * @throws DTypeError if dtypes differ or are not floating, ShapeError if shapes do not broadcast.
 */
export function floordiv(a: FunctionOperand, b: FunctionOperand): Variable {
  return floor(div(a, b));
}
