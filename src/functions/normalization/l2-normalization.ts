import { composed } from '../../core/composed.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { astype, equal } from '../../ndarray/np.js';
import type { Axis } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { add } from '../math/add.js';
import { div } from '../math/divide.js';
import { sqrt } from '../math/sqrt.js';
import { square } from '../math/square.js';
import { sub } from '../math/subtract.js';
import { sum } from '../math/sum.js';

/**
 * x/(‖x‖ + eps) along axes. A vector of zeros gives zeros, and its gradient is gy/eps. Follows chainer.functions.normalize.
 *
 * @param eps added to the norm, default 1e-5
 * @param axis the axes that form a vector, default 1
 * @throws ShapeError if an axis is out of range, DTypeError unless x is floating.
 */
export function normalize(x: FunctionOperand, eps = 1e-5, axis: number | readonly number[] = 1): Variable {
  x = input('normalize', 'x', x);
  checkScalars('normalize', { eps });
  return composed(() => {
    checkFloating('normalize', arrayOf(x));
    return div(x, add(norm(x, axis), eps));
  });
}

/** ‖x‖ along axes, which keep length 1. Where s = 0 it computes √(s + 1) − 1, since √ has no derivative there. */
function norm(x: VariableLike, axis: Axis): Variable {
  const squares = sum(square(x), axis, true);
  const zero = astype(equal(squares.array, 0), squares.dtype);
  return sub(sqrt(add(squares, zero)), zero);
}
