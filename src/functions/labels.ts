/** Labels: which integers name a class. */
import { IndexError } from '../errors.js';
import { isHostMemory } from '../ndarray/device.js';
import type { NDArray } from '../ndarray/np.js';

/**
 * Refuses labels outside [0, classes) other than `ignored`, on devices where looking at them costs only a copy; elsewhere
 * looking would stall the device, and labels are the caller's to check.
 *
 * @throws IndexError that names the first such label and its place.
 */
export function checkLabels(op: string, t: NDArray, classes: number, ignored: number | null = null): void {
  if (!isHostMemory(t.device)) return;
  t.dataSync().forEach((label, i) => {
    if (label !== ignored && (label < 0 || label >= classes)) {
      throw new IndexError(`${op}: label ${label} at position ${i} is out of range for ${classes} classes`);
    }
  });
}
