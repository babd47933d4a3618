import type { Variable } from '../../core/variable.js';
import { type FunctionOperand, inputsOf } from '../arguments/operands.js';
import { joinLifted } from './stacking.js';

/**
 * Arrays joined on top of each other, along axis 0; vectors are rows. Follows chainer.functions.vstack.
 *
 * @throws ShapeError if shapes do not fit, DTypeError if dtypes differ, ValueError if there are no arrays.
 */
export function vstack(xs: readonly FunctionOperand[]): Variable {
  const arrays = inputsOf('vstack', 'xs', xs);
  return joinLifted('vstack', arrays, 0, (shape) => (shape.length >= 2 ? shape : [1, shape[0] ?? 1]));
}
