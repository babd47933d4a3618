/** Lengths of vectors, for losses. They are differentiable at zero vectors too. */
import type { Variable } from '../../core/variable.js';
import { type Axis, greater } from '../../ndarray/np.js';
import { where } from '../array/where.js';
import { sqrt } from '../math/sqrt.js';
import { square } from '../math/square.js';
import { sum } from '../math/sum.js';

/** √x, with the gradient 0 where x is 0. The true gradient is infinite there, and 0·∞ would turn the gradients of the inputs into NaN. */
export function flatSqrt(x: Variable): Variable {
  const positive = greater(x.array, 0);
  return where(positive, sqrt(where(positive, x, 1)), 0);
}

/** √Σ x² over axes, with the gradient 0 at 0. */
export function euclideanNorm(x: Variable, axis: Axis): Variable {
  return flatSqrt(sum(square(x), axis));
}
