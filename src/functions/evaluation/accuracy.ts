import { composed } from '../../core/composed.js';
import { asVariable, type Variable } from '../../core/variable.js';
import { argmax, astype, divide, equal, logicalAnd, maximum, notEqual, sum } from '../../ndarray/np.js';
import { checkOptions } from '../../options.js';
import { labelsOf } from '../arguments/labels.js';
import { arrayOf, checkFloating, type FunctionOperand, input, wholeInput } from '../arguments/operands.js';
import { checkLabelShape } from './label-shape.js';

/** Options of {@link accuracy}. */
export interface AccuracyOptions {
  /** Labels of this value are ignored. Default none. */
  ignoreLabel?: number | null;
}

/**
 * The share of labels that equal the class with the highest score. The first of equal scores counts. Scores y (N, C, …)
 * and int32 labels t (N, …) → 0-d, of y's dtype. If all labels are ignored, the result is 0. No gradient. Follows
 * chainer.functions.accuracy.
 *
 * @throws ShapeError if shapes do not fit, DTypeError unless y is floating and t int32.
 */
export function accuracy(y: FunctionOperand, t: FunctionOperand, options: AccuracyOptions = {}): Variable {
  y = input('accuracy', 'y', y);
  t = wholeInput('accuracy', 't', t);
  checkOptions('accuracy', options, { ignoreLabel: 1 });
  return composed(() => {
    const { ignoreLabel = null } = options;
    const [scores, labels] = [arrayOf(y), labelsOf('accuracy', t)];
    checkFloating('accuracy', scores);
    checkLabelShape('accuracy', scores, labels);
    const right = equal(argmax(scores, 1).reshape(labels.shape), labels);
    if (ignoreLabel === null) return asVariable(divide(sum(astype(right, scores.dtype)), labels.size));
    const valid = notEqual(labels, ignoreLabel);
    const hits = sum(astype(logicalAnd(right, valid), scores.dtype));
    return asVariable(divide(hits, maximum(sum(astype(valid, scores.dtype)), 1)));
  });
}
