import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import type { Axis } from '../../ndarray/np.js';
import { formatShape, normalizeAxes, sameShape } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { broadcastTo } from '../nodes/broadcasting.js';
import { div } from './divide.js';
import { mul } from './multiply.js';
import { sum } from './sum.js';

/**
 * Σ w·x / Σ w over axes (all by default); without weights the mean. Weights have the shape of x, or (n,), one for
 * each position of a single axis. Follows chainer.functions.average.
 *
 * @throws ShapeError if the weights have neither shape.
 */
export function average(
  x: FunctionOperand,
  axis: Axis = null,
  weights: FunctionOperand | null = null,
  keepdims = false,
): Variable {
  x = input('average', 'x', x, weights);
  if (weights !== null) weights = input('average', 'weights', weights, x);
  const axes = normalizeAxes('average', axis, x.shape.length);
  if (weights === null) {
    const count = axes.reduce((n, k) => n * x.shape[k], 1);
    return div(sum(x, axes, keepdims), count);
  }
  let w = weights;
  if (!sameShape(w.shape, x.shape)) {
    const [k] = axes;
    if (axes.length !== 1 || w.shape.length !== 1 || w.shape[0] !== x.shape[k]) {
      throw new ShapeError(
        `average: weights ${formatShape(w.shape)} do not fit x ${formatShape(x.shape)} along axis (${axes})`,
      );
    }
    w = broadcastTo(
      reshape(
        w,
        x.shape.map((n, i) => (i === k ? n : 1)),
      ),
      x.shape,
    );
  }
  return div(sum(mul(x, w), axes, keepdims), sum(w, axes, keepdims));
}

/**
 * The mean over axes (all by default): {@link average} without weights.
 *
 * @example
 * F.mean(np.array([[1, 2], [3, 4]]), 0).tolist(); // [2, 3]
 */
export function mean(x: FunctionOperand, axis: Axis = null, keepdims = false): Variable {
  x = input('mean', 'x', x);
  return average(x, axis, null, keepdims);
}
