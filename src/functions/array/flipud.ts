import type { Variable } from '../../core/variable.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { flip } from './flip.js';

/** a with its rows (axis 0) in reverse order. Follows chainer.functions.flipud. @throws ShapeError for a 0-d array. */
export function flipud(a: FunctionOperand): Variable {
  a = input('flipud', 'a', a);
  return flip(a, 0);
}
