import { composed } from '../../core/composed.js';
import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import {
  absolute,
  add,
  astype,
  maximum,
  multiply,
  type NDArray,
  negative,
  notEqual,
  subtract,
  sum as sumArray,
  unary,
} from '../../ndarray/np.js';
import { checkOptions } from '../../options.js';
import { sigmoid } from '../activation/sigmoid.js';
import { labelsOf } from '../arguments/labels.js';
import {
  arrayOf,
  checkFloating,
  checkSameShape,
  type FunctionOperand,
  input,
  wholeInput,
} from '../arguments/operands.js';
import { div } from '../math/divide.js';
import { mul } from '../math/multiply.js';
import { sub } from '../math/subtract.js';
import { sum } from '../math/sum.js';
import { checkReduce } from './reduction.js';

/** Options of {@link sigmoidCrossEntropy}. */
export interface SigmoidCrossEntropyOptions {
  /** Divide by the number of labels that are not ignored rather than by the batch size. Default true. */
  normalize?: boolean;
  /** `mean` gives one number, `no` the loss of each element (0 where ignored). Default `mean`. */
  reduce?: 'mean' | 'no';
}

const IGNORED = -1;

/** The loss of each element: valid·(log(1 + eˣ) − t·x), written so that a large x neither overflows nor cancels. */
class ElementwiseLoss extends FunctionNode<readonly NDArray[], [targets: NDArray, valid: NDArray]> {
  /**
   * @param targets the labels, of x's dtype
   * @param valid 1 where a label counts, else 0, of x's dtype
   */
  constructor(targets: NDArray, valid: NDArray) {
    super();
    this.save(targets, valid);
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.retainInputs(0);
    const [targets, valid] = this.saved;
    const linear = subtract(unary('relu', x), multiply(x, targets));
    return [multiply(valid, add(linear, unary('softplus', negative(absolute(x)))))];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x] = this.getRetainedInputs();
    const [targets, valid] = this.saved;
    return [mul(mul(gy, valid), sub(sigmoid(x), targets))];
  }
}

/**
 * −t·log σ(x) − (1 − t)·log(1 − σ(x)), averaged. x and the int32 labels t have one shape. A label is 0 or 1, or −1,
 * which ignores the element. If all elements are ignored, the result is 0. Follows chainer.functions.sigmoid_cross_entropy.
 *
 * @throws ShapeError if shapes differ, DTypeError unless x is floating and t int32, ValueError for an unknown `reduce`.
 */
export function sigmoidCrossEntropy(
  x: FunctionOperand,
  t: FunctionOperand,
  options: SigmoidCrossEntropyOptions = {},
): Variable {
  x = input('sigmoidCrossEntropy', 'x', x);
  t = wholeInput('sigmoidCrossEntropy', 't', t);
  checkOptions('sigmoidCrossEntropy', options, { normalize: 1, reduce: 1 });
  return composed(() => {
    const { normalize = true, reduce = 'mean' } = options;
    const op = 'sigmoidCrossEntropy';
    checkReduce(op, reduce, ['mean', 'no']);
    checkFloating(op, arrayOf(x));
    const labels = labelsOf(op, t);
    checkSameShape(op, x, labels);
    const valid = astype(notEqual(labels, IGNORED), x.dtype);
    const [loss] = new ElementwiseLoss(astype(labels, x.dtype), valid).apply([x]);
    if (reduce === 'no') return loss;
    return div(sum(loss), normalize ? maximum(sumArray(valid), 1) : Math.max(1, x.shape[0] ?? 1));
  });
}
