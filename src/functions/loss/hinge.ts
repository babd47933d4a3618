import { composed } from '../../core/composed.js';
import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { arange, equal, full, where } from '../../ndarray/np.js';
import { formatShape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { relu } from '../activation/relu.js';
import { checkLabels, labelsOf } from '../arguments/labels.js';
import { arrayOf, checkFloating, checkNdim, type FunctionOperand, input, wholeInput } from '../arguments/operands.js';
import { labelShapeRemedy } from '../arguments/remedies.js';
import { add } from '../math/add.js';
import { div } from '../math/divide.js';
import { mul } from '../math/multiply.js';
import { square } from '../math/square.js';
import { sum } from '../math/sum.js';
import { checkReduce } from './reduction.js';

/** Options of {@link hinge}. */
export interface HingeOptions {
  /** `L1` takes losses as they are, `L2` squares them. Default `L1`. */
  norm?: 'L1' | 'L2';
  /** `mean` sums over classes and averages over the batch, `no` gives the loss of each score. Default `mean`. */
  reduce?: 'mean' | 'no';
}

/**
 * max(0, 1 − δ·x)ᵖ, where δ is 1 at the label's class and −1 at other classes, and p is 1 (`L1`) or 2 (`L2`). Scores x
 * (N, K), int32 labels t (N,) → 0-d or (N, K). Follows chainer.functions.hinge.
 *
 * @throws IndexError if a label is out of range, ShapeError if shapes do not fit, DTypeError if dtypes do not fit, ValueError
 *   for an unknown `norm` or `reduce`.
 */
export function hinge(x: FunctionOperand, t: FunctionOperand, options: HingeOptions = {}): Variable {
  x = input('hinge', 'x', x);
  t = wholeInput('hinge', 't', t);
  checkOptions('hinge', options, { norm: 1, reduce: 1 });
  return composed(() => {
    const { norm = 'L1', reduce = 'mean' } = options;
    const op = 'hinge';
    checkReduce(op, reduce, ['mean', 'no']);
    if (norm !== 'L1' && norm !== 'L2') throw new ValueError(`${op}: norm is '${norm}', expected 'L1' or 'L2'`);
    checkFloating(op, arrayOf(x));
    checkNdim(op, 'x', x, 'N, K');
    const labels = labelsOf(op, t);
    const [n, k] = x.shape;
    if (labels.ndim !== 1 || labels.size !== n) {
      throw new ShapeError(
        `${op}: t ${formatShape(labels.shape)} for x ${formatShape(x.shape)}, expected (${n},)${labelShapeRemedy(x.shape, labels.shape, [n])}`,
      );
    }
    checkLabels(op, labels, k);
    const device = labels.device.name;
    const own = equal(labels.reshape([n, 1]), arange(0, k, 1, { device }));
    const ones = full([], 1, { dtype: x.dtype, device });
    const margin = relu(add(mul(x, where(own, full([], -1, { dtype: x.dtype, device }), ones)), 1));
    const loss = norm === 'L1' ? margin : square(margin);
    return reduce === 'no' ? loss : div(sum(loss), n);
  });
}
