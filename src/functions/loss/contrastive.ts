import { composed } from '../../core/composed.js';
import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { astype, subtract } from '../../ndarray/np.js';
import { formatShape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { relu } from '../activation/relu.js';
import { labelsOf } from '../arguments/labels.js';
import { checkNdim, type FunctionOperand, input, wholeInput } from '../arguments/operands.js';
import { add } from '../math/add.js';
import { mul } from '../math/multiply.js';
import { square } from '../math/square.js';
import { sub } from '../math/subtract.js';
import { sum } from '../math/sum.js';
import { difference } from './difference.js';
import { flatSqrt } from './euclidean.js';
import { checkReduce, reduceLoss } from './reduction.js';

/** Options of {@link contrastive}. */
export interface ContrastiveOptions {
  /** The distance at which dissimilar samples no longer add to the loss. Default 1. */
  margin?: number;
  /** `mean` gives one number, `no` the loss of each pair. Default `mean`. */
  reduce?: 'mean' | 'no';
}

/**
 * ½·(y·d² + (1 − y)·max(margin − d, 0)²) with d = ‖x0 − x1‖: pulls similar samples (y 1) together and pushes dissimilar
 * ones (y 0) apart. x0 and x1 (N, K), y (N,) int32 → 0-d or (N,). Follows chainer.functions.contrastive.
 *
 * @throws ShapeError if shapes do not fit or there are no samples, DTypeError if dtypes do not fit, ValueError unless the
 *   margin is positive, or for an unknown `reduce`.
 */
export function contrastive(
  x0: FunctionOperand,
  x1: FunctionOperand,
  y: FunctionOperand,
  options: ContrastiveOptions = {},
): Variable {
  x0 = input('contrastive', 'x0', x0, x1);
  x1 = input('contrastive', 'x1', x1, x0);
  y = wholeInput('contrastive', 'y', y);
  checkOptions('contrastive', options, { margin: 1, reduce: 1 });
  return composed(() => {
    const { margin = 1, reduce = 'mean' } = options;
    const op = 'contrastive';
    checkReduce(op, reduce, ['mean', 'no']);
    if (!(margin > 0)) throw new ValueError(`${op}: margin is ${margin}, expected a positive number`);
    const labels = labelsOf(op, y);
    checkNdim(op, 'x0', x0, 'N, K');
    if (labels.ndim !== 1 || labels.size !== x0.shape[0] || labels.size === 0) {
      throw new ShapeError(
        `${op}: labels ${formatShape(labels.shape)} for x0 ${formatShape(x0.shape)}, expected (N,), N > 0`,
      );
    }
    const squares = sum(square(difference(op, x0, x1)), 1);
    const similar = astype(labels, x0.dtype);
    const shortfall = square(relu(sub(margin, flatSqrt(squares))));
    const loss = mul(add(mul(squares, similar), mul(shortfall, subtract(1, similar))), 0.5);
    return reduceLoss(op, loss, reduce);
  });
}
