import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape, normalizeAxis, sameShape } from '../../ndarray/shape.js';
import { type FunctionOperand, inputsOf } from '../arguments/operands.js';
import { concat } from './concat.js';
import { expandDims } from './expand-dims.js';

/**
 * Arrays of one shape joined along a new axis of the result. Follows chainer.functions.stack.
 *
 * @throws ShapeError if shapes differ or the axis is out of range, DTypeError if dtypes differ, ValueError if there are no arrays.
 */
export function stack(xs: readonly FunctionOperand[], axis = 0): Variable {
  const arrays = inputsOf('stack', 'xs', xs);
  if (arrays.length === 0) throw new ValueError('stack: no arrays');
  const [first] = arrays;
  for (const x of arrays) {
    if (!sameShape(x.shape, first.shape)) {
      throw new ShapeError(`stack: shapes ${formatShape(first.shape)} and ${formatShape(x.shape)} differ`);
    }
  }
  const k = normalizeAxis('stack', axis, first.shape.length + 1);
  return concat(
    arrays.map((x) => expandDims(x, k)),
    k,
  );
}
