import type { Variable } from '../../core/variable.js';
import { sizeOf } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from './reshape.js';

/** All elements in one axis, row-major. Follows chainer.functions.flatten. */
export function flatten(x: FunctionOperand): Variable {
  x = input('flatten', 'x', x);
  return reshape(x, [sizeOf(x.shape)]);
}
