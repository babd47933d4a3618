import type { Variable } from '../../core/variable.js';
import { normalizeAxis } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from './reshape.js';

/**
 * x with a new axis of length 1 at `axis` of the result. Follows chainer.functions.expand_dims.
 *
 * @throws ShapeError if the axis is out of range.
 */
export function expandDims(x: FunctionOperand, axis: number): Variable {
  x = input('expandDims', 'x', x);
  const k = normalizeAxis('expandDims', axis, x.shape.length + 1);
  return reshape(x, [...x.shape.slice(0, k), 1, ...x.shape.slice(k)]);
}
