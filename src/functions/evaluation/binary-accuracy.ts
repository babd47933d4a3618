import { Variable, type VariableLike } from '../../core/variable.js';
import { DTypeError } from '../../errors.js';
import { astype, divide, equal, greaterEqual, maximum, notEqual, sum } from '../../ndarray/np.js';
import { arrayOf, checkFloating, checkSameShape } from '../operands.js';

/**
 * The share of labels 0 or 1 that agree with y ≥ 0: y and int32 labels t of one shape → 0-d, of y's dtype. Labels -1
 * count nothing; if all are, it is 0. No gradient. Follows chainer.functions.binary_accuracy.
 *
 * @throws ShapeError if shapes differ, DTypeError unless y is floating and t int32.
 */
export function binaryAccuracy(y: VariableLike, t: VariableLike): Variable {
  const [scores, labels] = [arrayOf(y), arrayOf(t)];
  checkFloating('binaryAccuracy', scores);
  if (labels.dtype !== 'int32') throw new DTypeError(`binaryAccuracy: labels are ${labels.dtype}, expected int32`);
  checkSameShape('binaryAccuracy', scores, labels);
  const right = equal(astype(greaterEqual(scores, 0), 'int32'), labels);
  const count = maximum(sum(astype(notEqual(labels, -1), scores.dtype)), 1);
  return new Variable(divide(sum(astype(right, scores.dtype)), count), { requiresGrad: false });
}
