import { composed } from '../../core/composed.js';
import { asVariable, type Variable } from '../../core/variable.js';
import { astype, divide, equal, greaterEqual, maximum, notEqual, sum } from '../../ndarray/np.js';
import { labelsOf } from '../arguments/labels.js';
import {
  arrayOf,
  checkFloating,
  checkSameShape,
  type FunctionOperand,
  input,
  wholeInput,
} from '../arguments/operands.js';

/**
 * The share of labels that equal their prediction, which is 1 where y ≥ 0, else 0. Scores y and int32 labels t, 0 or 1, of
 * one shape → 0-d, of y's dtype. Labels -1 are ignored. If all labels are ignored, the result is 0. No gradient. Follows
 * chainer.functions.binary_accuracy.
 *
 * @throws ShapeError if shapes differ, DTypeError unless y is floating and t int32.
 */
export function binaryAccuracy(y: FunctionOperand, t: FunctionOperand): Variable {
  y = input('binaryAccuracy', 'y', y);
  t = wholeInput('binaryAccuracy', 't', t);
  return composed(() => {
    const [scores, labels] = [arrayOf(y), labelsOf('binaryAccuracy', t)];
    checkFloating('binaryAccuracy', scores);
    checkSameShape('binaryAccuracy', scores, labels);
    const right = equal(astype(greaterEqual(scores, 0), 'int32'), labels);
    const count = maximum(sum(astype(notEqual(labels, -1), scores.dtype)), 1);
    return asVariable(divide(sum(astype(right, scores.dtype)), count));
  });
}
