/** Arrays that belong to some axes of another array: per channel, per feature. */
import type { Variable, VariableLike } from '../core/variable.js';
import { ShapeError } from '../errors.js';
import { formatShape, sameShape } from '../ndarray/shape.js';
import { reshape } from './array/reshape.js';

/**
 * y with axes of length 1 around its own, so that it broadcasts against x along x's axes `axis`, `axis` + 1, …: Caffe's
 * broadcasting. x (N, C, H, W), y (C,), axis 1 → (1, C, 1, 1).
 *
 * @throws ShapeError if y's shape is not that of x from `axis` on.
 */
export function alignTo(op: string, x: VariableLike, y: VariableLike, axis: number): Variable {
  const first = axis < 0 ? axis + x.shape.length : axis;
  const own = y.shape.length;
  if (first < 0 || first > x.shape.length || !sameShape(x.shape.slice(first, first + own), y.shape)) {
    throw new ShapeError(
      `${op}: ${formatShape(y.shape)} does not lie along x ${formatShape(x.shape)} from axis ${axis} on`,
    );
  }
  return reshape(
    y,
    x.shape.map((n, k) => (k >= first && k < first + own ? n : 1)),
  );
}
