/** Arrays that lie along some axes of another array, such as one value for each channel, so that they broadcast against it. */
import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { toHostArray } from '../../ndarray/dtype.js';
import { fromHost } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import { formatShape, sameShape } from '../../ndarray/shape.js';
import { reshape } from '../array/reshape.js';
import { arrayOf } from './operands.js';

/**
 * y with axes of length 1 around its own, so that it broadcasts against x along x's axes `axis`, `axis` + 1, …, as in Caffe:
 * x (N, C, H, W), y (C,), axis 1 → (1, C, 1, 1).
 *
 * @throws ShapeError unless y has the lengths of x's axes from `axis`.
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

/** Numbers of the host as an array of x's dtype, on x's device. All axes but `axis` have length 1. */
export function alongAxis(values: readonly number[], axis: number, x: VariableLike): NDArray {
  const shape = x.shape.map((_, k) => (k === axis ? values.length : 1));
  return fromHost(toHostArray(values, x.dtype), shape, x.dtype, arrayOf(x).device);
}
