/** Checks of labels: integers that name classes. */
import type { VariableLike } from '../../core/variable.js';
import { DTypeError, IndexError } from '../../errors.js';
import { mayInspect } from '../../ndarray/inspection.js';
import type { NDArray } from '../../ndarray/np.js';
import { arrayOf } from './operands.js';
import { LABELS_REMEDY } from './remedies.js';

/** The array of labels, or of other whole numbers, which `name` names in messages. @throws DTypeError unless it is int32. */
export function labelsOf(op: string, t: VariableLike, name = 'labels'): NDArray {
  const labels = arrayOf(t);
  if (labels.dtype !== 'int32') {
    throw new DTypeError(`${op}: ${name} are ${labels.dtype}, expected int32; ${LABELS_REMEDY}`);
  }
  return labels;
}

/**
 * Refuses labels outside [0, classes) other than `ignored`, on devices where reading them costs only a copy. On a GPU reading waits for
 * all work, so labels are not checked there.
 *
 * @throws IndexError that names the first such label and its position.
 */
export function checkLabels(op: string, t: NDArray, classes: number, ignored: number | null = null): void {
  checkRange(op, t, classes, ['label', 'classes'], ignored);
}

/** {@link checkLabels} for other whole numbers. The words name one number, and the set that it chooses from. */
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
