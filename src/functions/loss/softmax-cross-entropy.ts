import { composed } from '../../core/composed.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { DTypeError, ShapeError, ValueError } from '../../errors.js';
import {
  add as addArrays,
  arange,
  astype,
  greater,
  isFloating,
  log,
  maximum,
  multiply,
  type NDArray,
  notEqual,
  sum as sumArray,
  take,
  where,
} from '../../ndarray/np.js';
import { formatShape, sameShape, sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { logSoftmax } from '../activation/log-softmax.js';
import { checkLabels, labelsOf } from '../arguments/labels.js';
import {
  arrayOf,
  checkFloating,
  checkNdim,
  checkSameShape,
  type FunctionOperand,
  input,
  wholeInput,
} from '../arguments/operands.js';
import { LABELS_REMEDY, labelShapeRemedy } from '../arguments/remedies.js';
import { takeFlat } from '../array/select-item.js';
import { add } from '../math/add.js';
import { div } from '../math/divide.js';
import { mul } from '../math/multiply.js';
import { neg } from '../math/negative.js';
import { sum } from '../math/sum.js';
import { passWhere } from '../nodes/piecewise.js';
import { checkReduce, reduceLoss } from './reduction.js';

/** Options of {@link softmaxCrossEntropy}. */
export interface SoftmaxCrossEntropyOptions {
  /** Has no effect, since gradients are always differentiable here. It keeps Chainer's signature. */
  enableDoubleBackprop?: boolean;
  /** Has no effect, since the engine decides what it keeps for the gradient. It keeps Chainer's signature. */
  cacheScore?: boolean;
  /** Divide by the number of labels that are not ignored rather than by the batch size. Default true. */
  normalize?: boolean;
  /** A factor for the loss of each class, (C,). It does not change the divisor. Default none. */
  classWeight?: VariableLike | null;
  /** Labels of this value are ignored. Default -1. */
  ignoreLabel?: number;
  /** `mean` gives one number, `no` the loss of each label (0 where ignored). Default `mean`. */
  reduce?: 'mean' | 'no';
  /**
   * With soft targets: the loss, −Σ t·log p (`cross-entropy`) or Σ t·(log t − log p) (`kl-divergence`). Default
   * `cross-entropy`.
   */
  softTargetLoss?: 'cross-entropy' | 'kl-divergence';
}

/**
 * −log softmax(x)[t], averaged. x (N, C, …) holds scores; t holds int32 labels (N, …), or soft targets, which are probabilities of
 * x's shape and dtype. `normalize`, `classWeight` and `ignoreLabel` do not apply to soft targets. If all labels are ignored, the result
 * is 0. No gradient flows to t. Follows chainer.functions.softmax_cross_entropy; gradients of gradients always work.
 *
 * @example
 * const scores = np.array([[0, 100], [100, 0]]);
 * F.softmaxCrossEntropy(scores, [1, 0]).item(); // 0
 * F.softmaxCrossEntropy(scores, [0, 0]).item(); // 50
 *
 * @throws IndexError if a label is out of range, ShapeError if shapes do not fit, DTypeError if t is neither int32 nor
 *   x's dtype, ValueError for an unknown `reduce` or `softTargetLoss`.
 */
export function softmaxCrossEntropy(
  x: FunctionOperand,
  t: FunctionOperand,
  options: SoftmaxCrossEntropyOptions = {},
): Variable {
  x = input('softmaxCrossEntropy', 'x', x);
  // A list with as many axes as x holds probabilities.
  const target = input('softmaxCrossEntropy', 't', t, x);
  t = target.shape.length < x.shape.length ? wholeInput('softmaxCrossEntropy', 't', t) : target;
  checkOptions('softmaxCrossEntropy', options, {
    normalize: 1,
    classWeight: 1,
    ignoreLabel: 1,
    reduce: 1,
    softTargetLoss: 1,
    enableDoubleBackprop: 1,
    cacheScore: 1,
  });
  return composed(() => {
    const { normalize = true, classWeight = null, ignoreLabel = -1, reduce = 'mean' } = options;
    const op = 'softmaxCrossEntropy';
    checkReduce(op, reduce, ['mean', 'no']);
    checkFloating(op, arrayOf(x));
    if (t.dtype === x.dtype) return softTargets(op, x, arrayOf(t), options);
    const labels = labelsOf(op, t);
    const [n, c, ...rest] = x.shape;
    if (x.shape.length < 2) checkNdim(op, 'x', x, 'N, C');
    if (!sameShape(labels.shape, [n, ...rest])) {
      throw new ShapeError(
        `${op}: t ${formatShape(labels.shape)} does not fit x ${formatShape(x.shape)}, expected ${formatShape([n, ...rest])}` +
          labelShapeRemedy(x.shape, labels.shape, [n, ...rest]),
      );
    }
    checkLabels(op, labels, c, ignoreLabel);
    const valid = notEqual(labels, ignoreLabel);
    const named = where(valid, labels, 0);
    let picked = takeFlat(logSoftmax(x), places(named, n, c, sizeOf(rest)));
    if (classWeight) picked = mul(picked, classFactors(op, classWeight, named, x));
    // `where` instead of a product: an ignored element may be −∞.
    const loss = passWhere(valid, neg(picked));
    if (reduce === 'no') return loss;
    return div(sum(loss), normalize ? maximum(sumArray(astype(valid, x.dtype)), 1) : Math.max(n, 1));
  });
}

/** The flat positions of x[n, t[n, …], …] in x (N, C, …). */
function places(t: NDArray, n: number, c: number, inner: number): NDArray {
  const options = { device: t.device.name };
  const column = multiply(arange(0, n, 1, options), c * inner).reshape([n, 1]);
  const row = arange(0, inner, 1, options).reshape([1, inner]);
  const flat = addArrays(addArrays(multiply(t.reshape([n, inner]), inner), column), row);
  return flat.reshape(t.shape);
}

/** The weight of each label's class. */
function classFactors(op: string, classWeight: VariableLike, t: NDArray, x: VariableLike): NDArray {
  const weight = arrayOf(classWeight);
  if (!isFloating(weight.dtype)) throw new DTypeError(`${op}: classWeight is ${weight.dtype}, expected floats`);
  if (!sameShape(weight.shape, [x.shape[1]])) {
    throw new ShapeError(`${op}: classWeight ${formatShape(weight.shape)} does not fit ${x.shape[1]} classes`);
  }
  return take(astype(weight, x.dtype), t, 0);
}

function softTargets(op: string, x: VariableLike, target: NDArray, options: SoftmaxCrossEntropyOptions): Variable {
  const { reduce = 'mean', softTargetLoss = 'cross-entropy' } = options;
  if (softTargetLoss !== 'cross-entropy' && softTargetLoss !== 'kl-divergence') {
    throw new ValueError(`${op}: softTargetLoss is '${softTargetLoss}', expected 'cross-entropy' or 'kl-divergence'`);
  }
  if (target.ndim < x.shape.length) {
    throw new DTypeError(
      `${op}: labels are ${target.dtype} ${formatShape(target.shape)}, expected int32, or probabilities ${formatShape(x.shape)}; ${LABELS_REMEDY}`,
    );
  }
  checkSameShape(op, x, target);
  let loss = neg(sum(mul(logSoftmax(x), target), 1));
  if (softTargetLoss === 'kl-divergence') {
    // t·log t is 0 at t = 0.
    const entropy = where(greater(target, 0), multiply(target, log(target)), 0);
    loss = add(loss, sumArray(entropy, 1));
  }
  return reduceLoss(op, loss, reduce);
}
