import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape, normalizeAxis, sameShape } from '../../ndarray/shape.js';
import { concat } from './concat.js';
import { expandDims } from './expand-dims.js';

/**
 * Arrays of one shape joined along a new axis of the result. Follows chainer.functions.stack.
 *
 * @throws ShapeError if shapes differ or the axis is out of range, DTypeError if dtypes differ, ValueError of no arrays.
 */
export function stack(xs: readonly VariableLike[], axis = 0): Variable {
  if (xs.length === 0) throw new ValueError('stack: no arrays');
  const [first] = xs;
  for (const x of xs) {
    if (!sameShape(x.shape, first.shape)) {
      throw new ShapeError(`stack: shapes ${formatShape(first.shape)} and ${formatShape(x.shape)} differ`);
    }
  }
  const k = normalizeAxis('stack', axis, first.shape.length + 1);
  return concat(
    xs.map((x) => expandDims(x, k)),
    k,
  );
}
