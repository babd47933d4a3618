import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { mayInspect } from '../../ndarray/inspection.js';
import type { NDArray } from '../../ndarray/np.js';
import { formatShape, normalizeAxis } from '../../ndarray/shape.js';
import { labelsOf } from '../arguments/labels.js';
import { type FunctionOperand, input, wholeInput } from '../arguments/operands.js';
import { addAlong, takeAlong } from '../nodes/take-along.js';

/** Refuses indices that are not a permutation, on devices where reading them costs only a copy. */
function checkPermutation(indices: NDArray): void {
  if (!mayInspect(indices)) return;
  const seen = new Set<number>();
  indices.dataSync().forEach((index, i) => {
    if (index < 0 || index >= indices.size || seen.has(index)) {
      throw new ValueError(`permutate: index ${index} at position ${i} is repeated or not in [0, ${indices.size})`);
    }
    seen.add(index);
  });
}

/**
 * y[…, j, …] = x[…, indices[j], …] along an axis, where `indices` is an int32 permutation; with `inv` the inverse,
 * y[…, indices[j], …] = x[…, j, …]. Follows chainer.functions.permutate.
 *
 * @throws ValueError if `indices` is not a permutation, ShapeError if its length is not the axis', DTypeError unless int32.
 */
export function permutate(x: FunctionOperand, indices: FunctionOperand, axis = 0, inv = false): Variable {
  x = input('permutate', 'x', x);
  indices = wholeInput('permutate', 'indices', indices);
  const order = labelsOf('permutate', indices, 'indices');
  const k = normalizeAxis('permutate', axis, x.shape.length);
  if (order.ndim !== 1 || order.size !== x.shape[k]) {
    throw new ShapeError(`permutate: indices ${formatShape(order.shape)} for axis ${k} of x ${formatShape(x.shape)}`);
  }
  checkPermutation(order);
  return inv ? addAlong(x, order, k, order.size) : takeAlong(x, order, k);
}
