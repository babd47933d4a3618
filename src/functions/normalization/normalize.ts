import type { Variable, VariableLike } from '../../core/variable.js';
import { normalizeAxes } from '../../ndarray/shape.js';
import { where } from '../array/where.js';
import { add } from '../math/add.js';
import { div } from '../math/divide.js';
import { sqrt } from '../math/sqrt.js';
import { square } from '../math/square.js';
import { sum } from '../math/sum.js';
import { arrayOf, checkFloating } from '../operands.js';

/**
 * x / (‖x‖₂ + eps), the norm taken over `axis` (1 by default, one or several). The gradient of the norm of a zero vector is
 * taken as 0. Follows chainer.functions.normalize.
 *
 * @throws ShapeError if an axis is out of range, DTypeError unless floating.
 */
export function normalize(x: VariableLike, eps = 1e-5, axis: number | readonly number[] = 1): Variable {
  checkFloating('normalize', arrayOf(x));
  const squares = sum(square(x), normalizeAxes('normalize', axis, x.shape.length), true);
  const isZero = arrayOf(squares).equal(0);
  // The root of 0 has no slope; of 1 in its place it has one that nothing uses.
  const norm = where(isZero, 0, sqrt(where(isZero, 1, squares)));
  return div(x, add(norm, eps));
}
