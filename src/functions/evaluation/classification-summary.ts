/**
 * Precision, recall, F-score and support of each class. The device reduces scores to predictions; the host counts them.
 */
import { composed } from '../../core/composed.js';
import { asVariable, type Variable, type VariableLike } from '../../core/variable.js';
import { IndexError, ValueError } from '../../errors.js';
import { toHostArray } from '../../ndarray/dtype.js';
import { fromHost } from '../../ndarray/ndarray.js';
import { argmax } from '../../ndarray/np.js';
import { checkOptions } from '../../options.js';
import { labelsOf } from '../arguments/labels.js';
import { checkPlaces } from '../arguments/listed-sizes.js';
import { arrayOf, checkFloating, type FunctionOperand, input, wholeInput } from '../arguments/operands.js';
import { checkLabelShape } from './label-shape.js';

/** Options of {@link precision}, {@link recall} and {@link f1Score}. */
export interface ClassificationOptions {
  /** The number of classes. Default: the largest label plus one. */
  labelNum?: number | null;
  /** Labels of this value are ignored. Default -1. */
  ignoreLabel?: number;
}

/** Options of {@link classificationSummary} and {@link fbetaScore}. */
export interface ClassificationSummaryOptions extends ClassificationOptions {
  /** The weight of recall relative to precision in the F-score. Default 1. */
  beta?: number;
}

/** The numbers of correct predictions, of predictions and of labels of each class. */
interface Counts {
  readonly hits: number[];
  readonly predicted: number[];
  readonly support: number[];
}

function count(op: string, y: VariableLike, t: VariableLike, options: ClassificationOptions): Counts {
  const { labelNum = null, ignoreLabel = -1 } = options;
  const [scores, labels] = [arrayOf(y), labelsOf(op, t)];
  checkFloating(op, scores);
  checkLabelShape(op, scores, labels);
  if (labelNum !== null && (!Number.isInteger(labelNum) || labelNum < 0)) {
    throw new ValueError(`${op}: labelNum is ${labelNum}, expected a non-negative number of classes`);
  }
  const truth = [...labels.dataSync()];
  const guesses = argmax(scores, 1).dataSync();
  const classes = labelNum ?? truth.reduce((most, label) => Math.max(most, label), -1) + 1;
  checkPlaces(op, scores, [classes]);
  const zeros = () => new Array<number>(classes).fill(0);
  const counts: Counts = { hits: zeros(), predicted: zeros(), support: zeros() };
  truth.forEach((label, i) => {
    if (label === ignoreLabel) return;
    if (label < 0 || label >= classes) {
      throw new IndexError(`${op}: label ${label} at position ${i} is out of range for ${classes} classes`);
    }
    counts.support[label]++;
    if (guesses[i] < classes) counts.predicted[guesses[i]]++;
    if (guesses[i] === label) counts.hits[label]++;
  });
  return counts;
}

/**
 * For each class the precision tp/(tp + fp), the recall tp/(tp + fn), their weighted harmonic mean
 * (1 + beta²)·p·r / (beta²·p + r), and the support, the number of labels of that class. y (N, C, …) scores, t (N, …) int32
 * labels → four arrays (labelNum,): three of float64 (float32 where the device has none), one of int32. A ratio
 * without labels or predictions is NaN. No gradient. Follows chainer.functions.classification_summary.
 *
 * @throws IndexError if a label is out of range, ShapeError if shapes do not fit, DTypeError unless y is floating and t
 *   int32.
 */
export function classificationSummary(
  y: FunctionOperand,
  t: FunctionOperand,
  options: ClassificationSummaryOptions = {},
): [precision: Variable, recall: Variable, fbeta: Variable, support: Variable] {
  y = input('classificationSummary', 'y', y);
  t = wholeInput('classificationSummary', 't', t);
  checkOptions('classificationSummary', options, { labelNum: 1, ignoreLabel: 1, beta: 1 });
  return composed(() => {
    return summarize('classificationSummary', y, t, options);
  });
}

function summarize(
  op: string,
  y: VariableLike,
  t: VariableLike,
  options: ClassificationSummaryOptions,
): [precision: Variable, recall: Variable, fbeta: Variable, support: Variable] {
  const { beta = 1 } = options;
  const { hits, predicted, support } = count(op, y, t, options);
  const { device } = arrayOf(y);
  const dtype = device.dtypes.includes('float64') ? 'float64' : 'float32';
  const wrap = (values: number[], type: 'float64' | 'float32' | 'int32') =>
    asVariable(fromHost(toHostArray(values, type), [values.length], type, device));
  const precisions = hits.map((n, k) => n / predicted[k]);
  const recalls = hits.map((n, k) => n / support[k]);
  const scores = precisions.map((p, k) => ((1 + beta ** 2) * p * recalls[k]) / (beta ** 2 * p + recalls[k]));
  return [wrap(precisions, dtype), wrap(recalls, dtype), wrap(scores, dtype), wrap(support, 'int32')];
}

/** The precision and the support of each class: see {@link classificationSummary}. Follows chainer.functions.precision. */
export function precision(
  y: FunctionOperand,
  t: FunctionOperand,
  options: ClassificationOptions = {},
): [precision: Variable, support: Variable] {
  y = input('precision', 'y', y);
  t = wholeInput('precision', 't', t);
  checkOptions('precision', options, { labelNum: 1, ignoreLabel: 1 });
  const [result, , , support] = summarize('precision', y, t, { ...options, beta: 1 });
  return [result, support];
}

/** The recall and the support of each class: see {@link classificationSummary}. Follows chainer.functions.recall. */
export function recall(
  y: FunctionOperand,
  t: FunctionOperand,
  options: ClassificationOptions = {},
): [recall: Variable, support: Variable] {
  y = input('recall', 'y', y);
  t = wholeInput('recall', 't', t);
  checkOptions('recall', options, { labelNum: 1, ignoreLabel: 1 });
  const [, result, , support] = summarize('recall', y, t, { ...options, beta: 1 });
  return [result, support];
}

/** The F-score and the support of each class: see {@link classificationSummary}; `beta` is 1 by default. */
export function fbetaScore(
  y: FunctionOperand,
  t: FunctionOperand,
  options: ClassificationSummaryOptions = {},
): [fbeta: Variable, support: Variable] {
  y = input('fbetaScore', 'y', y);
  t = wholeInput('fbetaScore', 't', t);
  checkOptions('fbetaScore', options, { labelNum: 1, ignoreLabel: 1, beta: 1 });
  const [, , result, support] = summarize('fbetaScore', y, t, options);
  return [result, support];
}

/** The F1 score and the support of each class: see {@link classificationSummary}. Follows chainer.functions.f1_score. */
export function f1Score(
  y: FunctionOperand,
  t: FunctionOperand,
  options: ClassificationOptions = {},
): [f1: Variable, support: Variable] {
  y = input('f1Score', 'y', y);
  t = wholeInput('f1Score', 't', t);
  checkOptions('f1Score', options, { labelNum: 1, ignoreLabel: 1 });
  const [, , result, support] = summarize('f1Score', y, t, { ...options, beta: 1 });
  return [result, support];
}
