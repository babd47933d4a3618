/** Numbers known on the host, laid along one axis of an array so that they broadcast against it. */
import type { VariableLike } from '../core/variable.js';
import { toHostArray } from '../ndarray/dtype.js';
import { fromHost } from '../ndarray/ndarray.js';
import type { NDArray } from '../ndarray/np.js';
import { arrayOf } from './operands.js';

/** The values as an array of x's dtype, on x's device, with axes of length 1 but for `axis`. */
export function alongAxis(values: readonly number[], axis: number, x: VariableLike): NDArray {
  const shape = x.shape.map((_, k) => (k === axis ? values.length : 1));
  return fromHost(toHostArray(values, x.dtype), shape, x.dtype, arrayOf(x).device);
}
