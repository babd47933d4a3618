/** Labels: which integers name a class. */
import type { VariableLike } from '../../core/variable.js';
import { DTypeError, IndexError } from '../../errors.js';
import { mayInspect } from '../../ndarray/inspection.js';
import type { NDArray } from '../../ndarray/np.js';
import { arrayOf } from './operands.js';
import { LABELS_REMEDY } from './remedies.js';

/** The array of labels, or of other whole numbers named by `name`. @throws DTypeError unless they are int32. */
export function labelsOf(op: string, t: VariableLike, name = 'labels'): NDArray {
  const labels = arrayOf(t);
  if (labels.dtype !== 'int32') {
    throw new DTypeError(`${op}: ${name} are ${labels.dtype}, expected int32; ${LABELS_REMEDY}`);
  }
  return labels;
}

/**
 * Refuses labels outside [0, classes) other than `ignored`, on devices where looking at them costs only a copy; elsewhere
 * looking would stall the device, and labels are the caller's to check.
 *
 * @throws IndexError that names the first such label and its place.
 */
export function checkLabels(op: string, t: NDArray, classes: number, ignored: number | null = null): void {
  checkRange(op, t, classes, ['label', 'classes'], ignored);
}

/** The same of other whole numbers; `words` name one of them, and what it is chosen from. */
export function checkRange(
  op: string,
  t: NDArray,
  n: number,
  [one, choices]: readonly [one: string, choices: string],
  ignored: number | null = null,
): void {
  if (!mayInspect(t)) return;
  t.dataSync().forEach((value, i) => {
    if (value !== ignored && (value < 0 || value >= n)) {
      const remedy = value === n ? `; ${one}s count from 0` : '';
      throw new IndexError(`${op}: ${one} ${value} at position ${i} is out of range for ${n} ${choices}${remedy}`);
    }
  });
}
