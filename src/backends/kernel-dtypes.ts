/** Refuses dtypes that a primitive has no kernel for: it would take their bytes for floats. */
import { DTypeError } from '../errors.js';
import type { Tensor } from './backend.js';

/** @throws DTypeError for what is not floating. */
export function assertFloating(op: string, { dtype }: Tensor): void {
  if (dtype !== 'float32' && dtype !== 'float64') {
    throw new DTypeError(`${op}: expected float32 or float64, got ${dtype}`);
  }
}
