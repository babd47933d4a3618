/** The shape of labels that belong to scores. */
import { ShapeError } from '../../errors.js';
import { formatShape, type Shape } from '../../ndarray/shape.js';
import { checkNdim } from '../arguments/operands.js';
import { labelShapeRemedy } from '../arguments/remedies.js';

/** Refuses labels that are not (N, …) for scores (N, C, …); trailing axes of length 1 may be left out. */
export function checkLabelShape(op: string, y: { shape: Shape }, t: { shape: Shape }): void {
  if (y.shape.length < 2) checkNdim(op, 'y', y, 'N, C');
  const expected = y.shape.filter((_, k) => k !== 1);
  const fits = t.shape.length >= 1 && t.shape.length <= expected.length;
  if (!fits || expected.some((n, k) => n !== (t.shape[k] ?? 1))) {
    throw new ShapeError(
      `${op}: t ${formatShape(t.shape)} does not fit y ${formatShape(y.shape)}, expected ${formatShape(expected)}` +
        labelShapeRemedy(y.shape, t.shape, expected),
    );
  }
}
