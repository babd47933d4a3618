import type { Variable } from '../../core/variable.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { flip } from './flip.js';

/** a with its columns (axis 1) in reverse order. Follows chainer.functions.fliplr. @throws ShapeError below 2 dimensions. */
export function fliplr(a: FunctionOperand): Variable {
  a = input('fliplr', 'a', a);
  return flip(a, 1);
}
