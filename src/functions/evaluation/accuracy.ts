import { Variable, type VariableLike } from '../../core/variable.js';
import { DTypeError, ShapeError } from '../../errors.js';
import { argmax, astype, divide, equal, logicalAnd, maximum, notEqual, sum } from '../../ndarray/np.js';
import { formatShape, sameShape, sizeOf } from '../../ndarray/shape.js';
import { arrayOf } from '../operands.js';

/**
 * The share of labels that are the class with the highest score: y (N, C, …) scores, t (N, …) int32 labels → 0-d, of y's
 * dtype. Labels equal to `ignoreLabel` count nothing; if all are, it is 0. No gradient. Follows
 * chainer.functions.accuracy.
 *
 * @throws ShapeError if shapes do not fit, DTypeError unless t is int32.
 */
export function accuracy(y: VariableLike, t: VariableLike, options: { ignoreLabel?: number | null } = {}): Variable {
  const { ignoreLabel = null } = options;
  const [scores, labels] = [arrayOf(y), arrayOf(t)];
  if (labels.dtype !== 'int32') throw new DTypeError(`accuracy: labels are ${labels.dtype}, expected int32`);
  const expected = scores.shape.filter((_, k) => k !== 1);
  if (scores.ndim < 2 || sizeOf(labels.shape) !== sizeOf(expected) || labels.shape[0] !== expected[0]) {
    throw new ShapeError(
      `accuracy: t ${formatShape(labels.shape)} does not fit y ${formatShape(scores.shape)}, expected ${formatShape(expected)}`,
    );
  }
  const best = argmax(scores, 1);
  const right = equal(sameShape(best.shape, labels.shape) ? best : best.reshape(labels.shape), labels);
  if (ignoreLabel === null)
    return new Variable(divide(sum(astype(right, scores.dtype)), labels.size), { requiresGrad: false });
  const valid = notEqual(labels, ignoreLabel);
  const hits = sum(astype(logicalAnd(right, valid), scores.dtype));
  return new Variable(divide(hits, maximum(sum(astype(valid, scores.dtype)), 1)), { requiresGrad: false });
}
