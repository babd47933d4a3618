/**
 * Fills host arrays with random numbers, by loops over the generator's words. The numbers are those that a RandomState draws one by
 * one. A network such as VGG16 begins with 138 million of them.
 */
import { doubleOf, type MT19937, STATE_SIZE } from './mt19937.js';

/** Fills with numbers from [low, low + range). */
export function fillUniform(generator: MT19937, out: Float32Array | Float64Array, low: number, range: number): void {
  const { words } = generator;
  let p = generator.position;
  for (let i = 0; i < out.length; i++) {
    if (p + 2 <= STATE_SIZE) {
      out[i] = low + range * doubleOf(words[p] >>> 5, words[p + 1] >>> 6);
      p += 2;
    } else {
      generator.position = p;
      out[i] = low + range * generator.double();
      p = generator.position;
    }
  }
  generator.position = p;
}

/**
 * Fills with loc + scale·g, g from the standard normal distribution by Marsaglia's polar method, which makes two values at a time.
 *
 * @param waiting the second value of an earlier pair whose first was used; null if there is none
 * @returns the second value of the last pair if only its first was used, else null
 */
export function fillGauss(
  generator: MT19937,
  out: Float32Array | Float64Array,
  loc: number,
  scale: number,
  waiting: number | null,
): number | null {
  const n = out.length;
  if (n === 0) return waiting;
  let i = 0;
  if (waiting !== null) out[i++] = loc + scale * waiting;
  const { words } = generator;
  for (;;) {
    // Loop while the state has words and pairs fit.
    let p = generator.position;
    while (p <= STATE_SIZE - 4 && i <= n - 2) {
      const x = doubleOf(words[p] >>> 5, words[p + 1] >>> 6) * 2 - 1;
      const y = doubleOf(words[p + 2] >>> 5, words[p + 3] >>> 6) * 2 - 1;
      p += 4;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = polarFactor(square);
      out[i] = loc + scale * (factor * y);
      out[i + 1] = loc + scale * (factor * x);
      i += 2;
    }
    generator.position = p;
    if (i === n) return null;
    // One pair from words of two states, or a pair of which only one value fits.
    const x = generator.double() * 2 - 1;
    const y = generator.double() * 2 - 1;
    const square = x * x + y * y;
    if (square >= 1 || square === 0) continue;
    const factor = polarFactor(square);
    out[i++] = loc + scale * (factor * y);
    if (i === n) return factor * x;
    out[i++] = loc + scale * (factor * x);
  }
}

/** The factor of both coordinates of a point in the unit disc, from the square of its radius. */
const polarFactor = (square: number): number => Math.sqrt((-2 * Math.log(square)) / square);
