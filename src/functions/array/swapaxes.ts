import type { Variable } from '../../core/variable.js';
import { normalizeAxis } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { transpose } from './transpose.js';

/** Two axes exchanged. Follows chainer.functions.swapaxes. @throws ShapeError if an axis is out of range. */
export function swapaxes(x: FunctionOperand, axis1: number, axis2: number): Variable {
  x = input('swapaxes', 'x', x);
  const ndim = x.shape.length;
  const [a, b] = [normalizeAxis('swapaxes', axis1, ndim), normalizeAxis('swapaxes', axis2, ndim)];
  return transpose(
    x,
    x.shape.map((_, k) => (k === a ? b : k === b ? a : k)),
  );
}
