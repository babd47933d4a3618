import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { checkList, checkShape, formatShape, type Shape, sizeOf } from '../../ndarray/shape.js';
import { inWords } from '../../options.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { readStrided } from '../nodes/strided.js';

/**
 * The array y of `shape` with y[i] = x.flat[storageOffset + Σ i[k]·strides[k]]. Strides count elements and may be zero or negative.
 * Follows chainer.functions.as_strided.
 *
 * @throws ValueError if an index lies outside x, ShapeError if shape and strides differ in length.
 */
export function asStrided(
  x: FunctionOperand,
  shape: Shape,
  strides: readonly number[],
  storageOffset: number | null = null,
): Variable {
  x = input('asStrided', 'x', x);
  checkShape('asStrided', shape);
  checkList('asStrided', 'strides', strides);
  if (shape.length !== strides.length) {
    throw new ShapeError(`asStrided: shape ${formatShape(shape)} has ${shape.length} axes, strides ${strides.length}`);
  }
  const offset = storageOffset ?? 0;
  if (![offset, ...strides].every(Number.isSafeInteger))
    throw new ValueError(
      `asStrided: offset ${inWords(offset)} and strides (${strides.map(inWords)}) are not all integers`,
    );
  const spans = shape.map((n, k) => (n - 1) * strides[k]);
  const least = spans.reduce((sum, span) => sum + Math.min(0, span), offset);
  const most = spans.reduce((sum, span) => sum + Math.max(0, span), offset);
  if (sizeOf(shape) > 0 && (least < 0 || most >= sizeOf(x.shape))) {
    throw new ValueError(
      `asStrided: shape ${formatShape(shape)}, strides (${strides}) and offset ${offset} reach from ${least} to ${most}, ` +
        `but x ${formatShape(x.shape)} has ${sizeOf(x.shape)} elements`,
    );
  }
  return readStrided(x, shape, { offset, strides });
}
