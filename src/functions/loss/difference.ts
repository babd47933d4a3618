/** The difference of two arrays of one shape, for losses. */
import type { Variable, VariableLike } from '../../core/variable.js';
import { arrayOf, checkFloating, checkSameShape } from '../arguments/operands.js';
import { sub } from '../math/subtract.js';

/** x0 − x1. Unlike subtraction, it does not broadcast. */
export function difference(op: string, x0: VariableLike, x1: VariableLike): Variable {
  checkFloating(op, arrayOf(x0), arrayOf(x1));
  checkSameShape(op, x0, x1);
  return sub(x0, x1);
}
