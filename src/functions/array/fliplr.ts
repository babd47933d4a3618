import type { Variable, VariableLike } from '../../core/variable.js';
import { flip } from './flip.js';

/** a with its columns (axis 1) in reverse order. Follows chainer.functions.fliplr. @throws ShapeError below 2 dimensions. */
export function fliplr(a: VariableLike): Variable {
  return flip(a, 1);
}
