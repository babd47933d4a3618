/** Standard scores, (x − mean)/√(variance + eps), along given axes, for layer and group normalization. */
import type { Variable, VariableLike } from '../../core/variable.js';
import { full } from '../../ndarray/np.js';
import { type Axis, normalizeAxes, reducedShape } from '../../ndarray/shape.js';
import { arrayOf } from '../arguments/operands.js';
import { batchNormalization } from './batch-normalization.js';

/** x shifted and scaled to mean 0 and variance 1 over `axis`: batch normalization that neither scales nor shifts. */
export function standardize(x: VariableLike, axis: Axis, eps: number): Variable {
  const { dtype, device } = arrayOf(x);
  const kept = reducedShape(x.shape, normalizeAxes('standardize', axis, x.shape.length), false);
  const constant = (value: number) => full(kept, value, { dtype, device: device.name });
  return batchNormalization(x, constant(1), constant(0), { eps, axis });
}
