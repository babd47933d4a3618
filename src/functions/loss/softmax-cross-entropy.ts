import { asVariable, type Variable, type VariableLike } from '../../core/variable.js';
import { DTypeError, ShapeError, ValueError } from '../../errors.js';
import {
  add,
  arange,
  astype,
  maximum,
  multiply,
  type NDArray,
  notEqual,
  sum as sumArray,
  take,
  where,
} from '../../ndarray/np.js';
import { formatShape, sameShape, sizeOf } from '../../ndarray/shape.js';
import { logSoftmax } from '../activation/log-softmax.js';
import { reshape } from '../array/reshape.js';
import { takeFlat } from '../array/select-item.js';
import { checkLabels } from '../labels.js';
import { div } from '../math/divide.js';
import { mul } from '../math/multiply.js';
import { neg } from '../math/negative.js';
import { sum } from '../math/sum.js';
import { arrayOf, checkFloating } from '../operands.js';

/** Options of {@link softmaxCrossEntropy}. */
export interface SoftmaxCrossEntropyOptions {
  /** Divide by the number of labels that are not ignored rather than by the batch size. Default true. */
  normalize?: boolean;
  /** (C,): a factor for each class's loss; it does not enter the divisor. Default none. */
  classWeight?: VariableLike | null;
  /** Labels of this value count nothing. Default -1. */
  ignoreLabel?: number;
  /** `mean` gives one number, `no` the loss of each label (0 where ignored). Default `mean`. */
  reduce?: 'mean' | 'no';
  /** With soft targets: the loss, −Σ t·log p (`cross-entropy`) or Σ t·(log t − log p) (`kl-divergence`). */
  softTargetLoss?: 'cross-entropy' | 'kl-divergence';
}

/**
 * −log softmax(x)[t], averaged: x (N, C, …) scores, t (N, …) int32 labels, or soft targets of x's shape and dtype. All
 * labels ignored gives 0. Follows chainer.functions.softmax_cross_entropy; gradients of gradients always work.
 *
 * @throws IndexError if a label is out of range, ShapeError if shapes do not fit, DTypeError if t is neither int32 nor
 *   x's dtype, ValueError for an unknown `reduce`.
 */
export function softmaxCrossEntropy(
  x: VariableLike,
  t: VariableLike,
  options: SoftmaxCrossEntropyOptions = {},
): Variable {
  const { normalize = true, classWeight = null, ignoreLabel = -1, reduce = 'mean' } = options;
  const op = 'softmaxCrossEntropy';
  if (reduce !== 'mean' && reduce !== 'no')
    throw new ValueError(`${op}: reduce is '${reduce}', expected 'mean' or 'no'`);
  checkFloating(op, arrayOf(x));
  const labels = arrayOf(t);
  if (labels.dtype === x.dtype) return softTargets(x, t, options);
  if (labels.dtype !== 'int32') throw new DTypeError(`${op}: labels are ${labels.dtype}, expected int32`);
  const [n, c, ...rest] = x.shape;
  if (x.shape.length < 2 || !sameShape(labels.shape, [n, ...rest])) {
    throw new ShapeError(
      `${op}: t ${formatShape(labels.shape)} does not fit x ${formatShape(x.shape)}, expected ${formatShape([n, ...rest])}`,
    );
  }
  checkLabels(op, labels, c, ignoreLabel);
  const valid = notEqual(labels, ignoreLabel);
  const named = where(valid, labels, 0);
  let picked = takeFlat(logSoftmax(x), places(named, n, c, sizeOf(rest)));
  const factors = astype(valid, x.dtype);
  picked = mul(picked, classWeight ? mul(classFactors(op, classWeight, named, c), factors) : factors);
  if (reduce === 'no') return neg(picked);
  return neg(div(sum(picked), normalize ? maximum(sumArray(factors), 1) : n));
}

/** Flat places of x[n, t[n, …], …] in x (N, C, …). */
function places(t: NDArray, n: number, c: number, inner: number): NDArray {
  const options = { device: t.device.name };
  const column = arange(0, n * c * inner, c * inner, options).reshape([n, 1]);
  const row = arange(0, inner, 1, options).reshape([1, inner]);
  const flat = add(add(multiply(t.reshape([n, inner]), inner), column), row);
  return flat.reshape(t.shape);
}

function classFactors(op: string, weight: VariableLike, t: NDArray, c: number): VariableLike {
  if (weight.shape.length !== 1 || weight.shape[0] !== c) {
    throw new ShapeError(`${op}: classWeight ${formatShape(weight.shape)} does not fit ${c} classes`);
  }
  return take(arrayOf(weight), t, 0);
}

function softTargets(x: VariableLike, t: VariableLike, options: SoftmaxCrossEntropyOptions): Variable {
  const { normalize = true, reduce = 'mean', softTargetLoss = 'cross-entropy', classWeight = null } = options;
  if (!sameShape(x.shape, t.shape)) {
    throw new ShapeError(`softmaxCrossEntropy: soft targets ${formatShape(t.shape)} for x ${formatShape(x.shape)}`);
  }
  let logY = logSoftmax(x);
  if (classWeight) logY = mul(logY, reshape(classWeight, [1, -1, ...x.shape.slice(2).map(() => 1)]));
  let loss = neg(sum(mul(asVariable(t), logY), 1));
  if (softTargetLoss === 'kl-divergence') {
    const target = arrayOf(t);
    // t·log t is 0 at t = 0.
    const entropy = where(target.greater(0), multiply(target, target.log()), 0);
    loss = sum(asVariable(entropy), 1).add(loss);
  }
  if (reduce === 'no') return loss;
  return div(sum(loss), normalize ? sizeOf(loss.shape) : x.shape[0]);
}
