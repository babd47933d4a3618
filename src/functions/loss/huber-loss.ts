import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { clip } from '../math/clip.js';
import { mul } from '../math/multiply.js';
import { sub } from '../math/subtract.js';
import { sum } from '../math/sum.js';
import { difference } from './difference.js';
import { checkReduce } from './reduction.js';

/** Options of {@link huberLoss}. */
export interface HuberLossOptions {
  /** `sum_along_second_axis` adds up axis 1, `no` gives the loss of each element. Default `sum_along_second_axis`. */
  reduce?: 'sum_along_second_axis' | 'no';
}

/**
 * a²/2 where |a| ≤ delta, else delta·(|a| − delta/2), with a = x − t: a squared error that is less sensitive to outliers.
 * x and t (N, K, …) → (N, …). Follows chainer.functions.huber_loss.
 *
 * @throws ShapeError if shapes differ or there is no second axis to add up, DTypeError if dtypes differ or are not
 *   floating, ValueError unless delta is positive, or for an unknown `reduce`.
 */
export function huberLoss(
  x: FunctionOperand,
  t: FunctionOperand,
  delta: number,
  options: HuberLossOptions = {},
): Variable {
  x = input('huberLoss', 'x', x);
  t = input('huberLoss', 't', t, x);
  checkScalars('huberLoss', { delta });
  checkOptions('huberLoss', options, { reduce: 1 });
  const { reduce = 'sum_along_second_axis' } = options;
  checkReduce('huberLoss', reduce, ['sum_along_second_axis', 'no']);
  if (!(delta > 0)) throw new ValueError(`huberLoss: delta is ${delta}, expected a positive number`);
  const a = difference('huberLoss', x, t);
  // With c = clip(a): c·(a − c/2) is a²/2 inside and delta·(|a| − delta/2) outside, and its derivative is c throughout.
  const c = clip(a, -delta, delta);
  const loss = mul(c, sub(a, mul(c, 0.5)));
  if (reduce === 'no') return loss;
  if (a.ndim < 2)
    throw new ShapeError(`huberLoss: x ${formatShape(a.shape)} has no second axis to add up; use reduce 'no'`);
  return sum(loss, 1);
}
