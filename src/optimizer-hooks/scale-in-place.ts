import type { NDArray } from '../ndarray/np.js';

/** x = x·factor in place, `factor` 0-d or a number: how hooks change a gradient without replacing it. */
export function scaleInPlace(x: NDArray, factor: NDArray | number): void {
  x.device.binary('multiply', x, factor, x);
}
