/** Arrays of pseudo-random elements for test cases, the same on every run and machine. */
import type { DType } from '../../src/backends/primitives.js';
import { type HostArray, hostArray, isFloat, sizeOf } from './host-array.js';

/** A sequence of arrays, drawn from a linear congruential generator (Numerical Recipes' constants). */
export class Samples {
  #state: number;

  constructor(seed = 1) {
    this.#state = seed;
  }

  /** Uniform in [0, 1). */
  #next(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return (this.#state >>> 8) / 2 ** 24; // the low bits of such a generator have short periods
  }

  /** Numbers uniform in [low, high). */
  uniform(shape: readonly number[], dtype: DType = 'float32', low = -1, high = 1): HostArray {
    const values = Float64Array.from({ length: sizeOf(shape) }, () => low + (high - low) * this.#next());
    return hostArray(values, shape, dtype);
  }

  /** Whole numbers uniform in [low, high), repeated where there are more elements than numbers. */
  integers(shape: readonly number[], dtype: DType = 'int32', low = 0, high = 10): HostArray {
    const values = Float64Array.from({ length: sizeOf(shape) }, () => low + Math.floor((high - low) * this.#next()));
    return hostArray(values, shape, dtype);
  }

  /** Numbers that suit a dtype: floats in [-2, 2), int32 in [-9, 9], uint8 in [0, 9], bool. */
  any(shape: readonly number[], dtype: DType): HostArray {
    if (isFloat(dtype)) return this.uniform(shape, dtype, -2, 2);
    if (dtype === 'bool') return this.integers(shape, dtype, 0, 2);
    return this.integers(shape, dtype, dtype === 'uint8' ? 0 : -9, 10);
  }
}
