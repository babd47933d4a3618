import type { Variable } from '../../core/variable.js';
import { type FunctionOperand, inputsOf } from '../arguments/operands.js';
import { joinLifted } from './stacking.js';

/**
 * Arrays joined side by side: along axis 1, or along axis 0 if they have one axis. Follows chainer.functions.hstack.
 *
 * @throws ShapeError if shapes do not fit, DTypeError if dtypes differ, ValueError if there are no arrays.
 */
export function hstack(xs: readonly FunctionOperand[]): Variable {
  const arrays = inputsOf('hstack', 'xs', xs);
  const flat = arrays.length > 0 && arrays[0].shape.length <= 1;
  return joinLifted('hstack', arrays, flat ? 0 : 1, (shape) => (shape.length === 0 ? [1] : shape));
}
