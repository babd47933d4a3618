import type { Variable } from '../../core/variable.js';
import { squeezedShape } from '../../ndarray/manipulation.js';
import type { Axis } from '../../ndarray/np.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from './reshape.js';

/**
 * x without its axes of length 1: without all of them, or without the axes `axis`. Follows chainer.functions.squeeze.
 *
 * @throws ShapeError if a named axis has another length or is out of range.
 */
export function squeeze(x: FunctionOperand, axis: Axis = null): Variable {
  x = input('squeeze', 'x', x);
  return reshape(x, squeezedShape(x.shape, axis));
}
