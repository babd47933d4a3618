import type { Variable } from '../../core/variable.js';
import { type FunctionOperand, inputsOf } from '../arguments/operands.js';
import { joinLifted } from './stacking.js';

/**
 * Arrays joined in depth, along axis 2: (N,) counts as (1, N, 1), (M, N) as (M, N, 1). Follows chainer.functions.dstack.
 *
 * @throws ShapeError if shapes do not fit, DTypeError if dtypes differ, ValueError if there are no arrays.
 */
export function dstack(xs: readonly FunctionOperand[]): Variable {
  const arrays = inputsOf('dstack', 'xs', xs);
  return joinLifted('dstack', arrays, 2, (shape) => {
    if (shape.length >= 3) return shape;
    return shape.length === 2 ? [...shape, 1] : [1, shape[0] ?? 1, 1];
  });
}
