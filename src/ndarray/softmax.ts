/** Softmax and its logarithm. */
import { DTypeError } from '../errors.js';
import { type ArrayLike, operand } from './conversion.js';
import { isFloating } from './dtype.js';
import { allocate, type NDArray } from './ndarray.js';
import { normalizeAxis } from './shape.js';

/** exp(x)/Σ exp(x) along an axis, or its logarithm, computed without overflow. */
export function softmax(given: ArrayLike, axis = 1, log = false): NDArray {
  const x = operand('softmax', 'x', given);
  if (!isFloating(x.dtype)) throw new DTypeError(`softmax: expected float32 or float64, got ${x.dtype}`);
  const out = allocate(x.shape, x.dtype, x.device);
  x.device.softmax(x, normalizeAxis('softmax', axis, x.ndim), Boolean(log), out);
  return out;
}
