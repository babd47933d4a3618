/** NumPy's legacy random streams (`numpy.random.RandomState`), as typed arrays. `random.ts` adds shapes and devices. */
import { type ChoiceOptions, choose } from './choice.js';
import { numbers, RandomStream } from './random-stream.js';

export type { ChoiceOptions } from './choice.js';
export type { RandomStateSnapshot } from './random-stream.js';

/** A {@link RandomStream} with all supported draws of NumPy's class. */
export class RandomState extends RandomStream {
  /** float64 from [low, high). One number without a size. */
  uniform(low?: number, high?: number): number;
  uniform(low: number, high: number, size: number): Float64Array;
  uniform(low = 0, high = 1, size?: number): number | Float64Array {
    const out = numbers('float64', 'uniform', size) as Float64Array;
    this.fillUniform(out, low, high);
    return size === undefined ? out[0] : out;
  }

  /** float64 of mean 0 and standard deviation 1 (`standard_normal`, `randn`). One number without a size. */
  standardNormal(): number;
  standardNormal(size: number): Float64Array;
  standardNormal(size?: number): number | Float64Array {
    const out = numbers('float64', 'standardNormal', size) as Float64Array;
    this.fillNormal(out);
    return size === undefined ? out[0] : out;
  }

  /**
   * `size` draws from 0 to n−1, as indices of the chosen elements.
   *
   * @throws ValueError unless the probabilities are n non-negative numbers that add up to 1, and for more draws without replacement
   *   than there are elements.
   */
  choice(n: number, size: number, options?: ChoiceOptions): Int32Array {
    return choose(this, n, size, options);
  }

  /** `length` random bytes. */
  bytes(length: number): Uint8Array {
    const out = numbers('uint8', 'bytes', length) as Uint8Array;
    const generator = this.generator();
    for (let at = 0; at < length; at += 4) {
      const word = generator.next();
      for (let k = 0; k < 4 && at + k < length; k++) out[at + k] = word >>> (8 * k);
    }
    return out;
  }
}
