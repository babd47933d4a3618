/** Filling arrays with random numbers drawn on the host, so that a seed gives NumPy's numbers on every device. */
import { type NDArray, random } from '../ndarray/np.js';

/** Fills with N(0, scale²). */
export function drawNormal(array: NDArray, scale: number, rng = random.defaultState()): void {
  array.set(rng.normal(0, scale, array.size));
}

/** Fills with U(−scale, scale). */
export function drawUniform(array: NDArray, scale: number, rng = random.defaultState()): void {
  array.set(rng.uniform(-scale, scale, array.size));
}
