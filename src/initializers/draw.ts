/** Fills arrays with random numbers. The host draws them, so a seed gives NumPy's numbers on every device. */
import { type NDArray, random } from '../ndarray/np.js';

/** Fills with N(0, scale²). */
export function drawNormal(array: NDArray, scale: number, rng = random.defaultState()): void {
  const numbers = numbersFor(array);
  rng.fillNormal(numbers, 0, scale);
  array.set(numbers);
}

/** Fills with U(−scale, scale). */
export function drawUniform(array: NDArray, scale: number, rng = random.defaultState()): void {
  const numbers = numbersFor(array);
  rng.fillUniform(numbers, -scale, scale);
  array.set(numbers);
}

/** The host array for the numbers: float32 for a float32 array, so that numbers are rounded once and copied unchanged. */
const numbersFor = ({ dtype, size }: NDArray): Float32Array | Float64Array =>
  dtype === 'float32' ? new Float32Array(size) : new Float64Array(size);
