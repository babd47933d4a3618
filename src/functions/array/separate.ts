import type { Variable } from '../../core/variable.js';
import { normalizeAxis } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from './reshape.js';
import { splitAxis } from './split-axis.js';

/**
 * The slices along an axis, without that axis: the inverse of stack. Follows chainer.functions.separate.
 *
 * @throws ShapeError if the axis is out of range.
 */
export function separate(x: FunctionOperand, axis = 0): Variable[] {
  x = input('separate', 'x', x);
  const k = normalizeAxis('separate', axis, x.shape.length);
  if (x.shape[k] === 0) return [];
  const shape = x.shape.filter((_, i) => i !== k);
  return splitAxis(x, x.shape[k], k).map((piece) => reshape(piece, shape));
}
