import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { relu } from '../activation/relu.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { add } from '../math/add.js';
import { square } from '../math/square.js';
import { sub } from '../math/subtract.js';
import { sum } from '../math/sum.js';
import { difference } from './difference.js';
import { checkReduce, reduceLoss } from './reduction.js';

/** Options of {@link triplet}. */
export interface TripletOptions {
  /** The difference of the squared distances at which a triplet no longer adds to the loss. Default 0.2. */
  margin?: number;
  /** `mean` gives one number, `no` the loss of each triplet. Default `mean`. */
  reduce?: 'mean' | 'no';
}

/**
 * max(‖anchor − positive‖² − ‖anchor − negative‖² + margin, 0): the anchor should be nearer to the positive than to the
 * negative. All (N, K) → 0-d or (N,). Follows chainer.functions.triplet.
 *
 * @throws ShapeError if shapes differ or there are no samples, DTypeError if dtypes differ or are not floating,
 *   ValueError unless the margin is positive, or for an unknown `reduce`.
 */
export function triplet(
  anchor: FunctionOperand,
  positive: FunctionOperand,
  negative: FunctionOperand,
  options: TripletOptions = {},
): Variable {
  anchor = input('triplet', 'anchor', anchor, positive);
  positive = input('triplet', 'positive', positive, anchor);
  negative = input('triplet', 'negative', negative, anchor);
  checkOptions('triplet', options, { margin: 1, reduce: 1 });
  const { margin = 0.2, reduce = 'mean' } = options;
  const op = 'triplet';
  checkReduce(op, reduce, ['mean', 'no']);
  if (!(margin > 0)) throw new ValueError(`${op}: margin is ${margin}, expected a positive number`);
  if (anchor.shape.length < 2 || anchor.shape[0] === 0) {
    throw new ShapeError(`${op}: anchor is ${formatShape(anchor.shape)}, expected (N, K), N > 0`);
  }
  const near = square(difference(op, anchor, positive));
  const far = square(difference(op, anchor, negative));
  return reduceLoss(op, relu(add(sum(sub(near, far), 1), margin)), reduce);
}
