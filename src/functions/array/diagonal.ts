import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { normalizeAxis, stridesOf } from '../../ndarray/shape.js';
import { checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { readStrided } from '../nodes/strided.js';

/**
 * The diagonals of the matrices that two axes span, as the last axis of the result: y[…, i] = x[…, i, …, i + offset, …].
 * Follows chainer.functions.diagonal.
 *
 * @throws ShapeError if an axis is out of range or both are the same.
 */
export function diagonal(x: FunctionOperand, offset = 0, axis1 = 0, axis2 = 1): Variable {
  x = input('diagonal', 'x', x);
  checkScalars('diagonal', { offset });
  const ndim = x.shape.length;
  const [row, column] = [normalizeAxis('diagonal', axis1, ndim), normalizeAxis('diagonal', axis2, ndim)];
  if (row === column) throw new ShapeError(`diagonal: axis1 ${axis1} and axis2 ${axis2} are the same axis`);
  const strides = stridesOf(x.shape);
  const [below, right] = [Math.max(0, -offset), Math.max(0, offset)];
  const length = Math.max(0, Math.min(x.shape[row] - below, x.shape[column] - right));
  const others = x.shape.map((_, k) => k).filter((k) => k !== row && k !== column);
  return readStrided(x, [...others.map((k) => x.shape[k]), length], {
    offset: length > 0 ? below * strides[row] + right * strides[column] : 0,
    strides: [...others.map((k) => strides[k]), strides[row] + strides[column]],
  });
}
