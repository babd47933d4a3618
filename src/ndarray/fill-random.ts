/**
 * Many numbers of one distribution at once: what a RandomState draws one by one, as loops over the generator's words. A network
 * like VGG16 begins with 138 million of them.
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
 * @param waiting the second value of a pair whose first was given out before, or null
 * @returns the value that waits now, or null
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
    // As long as the words of the state last, and pairs fit.
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
    // One pair, of words of two states or of which only one value fits.
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

/** What both coordinates of a point of the unit disc are multiplied by, from the square of its radius. */
const polarFactor = (square: number): number => Math.sqrt((-2 * Math.log(square)) / square);
