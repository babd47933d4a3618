import type { NDArray } from '../ndarray/np.js';

/** Computes x = x·factor in place. `factor`: a 0-d array or a number. Hooks scale gradients with it. */
export function scaleInPlace(x: NDArray, factor: NDArray | number): void {
  x.device.binary('multiply', x, factor, x);
}
