import type { Variable, VariableLike } from '../../core/variable.js';
import { flip } from './flip.js';

/** a with its rows (axis 0) in reverse order. Follows chainer.functions.flipud. @throws ShapeError for a 0-d array. */
export function flipud(a: VariableLike): Variable {
  return flip(a, 0);
}
