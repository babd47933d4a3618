import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { square } from './square.js';
import { sum } from './sum.js';

/**
 * Σ x² over all axes but the first: (N, …) → (N,). Follows chainer.functions.batch_l2_norm_squared.
 *
 * @throws ShapeError if x has fewer than 2 dimensions, DTypeError unless x is floating.
 */
export function batchL2NormSquared(x: FunctionOperand): Variable {
  x = input('batchL2NormSquared', 'x', x);
  if (x.shape.length < 2) {
    throw new ShapeError(`batchL2NormSquared: x ${formatShape(x.shape)} needs at least 2 dimensions`);
  }
  return sum(
    square(x),
    x.shape.map((_, k) => k).filter((k) => k > 0),
  );
}
