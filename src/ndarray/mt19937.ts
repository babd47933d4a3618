/**
 * The Mersenne Twister MT19937 (Matsumoto, Nishimura 1998): seeds in, 32-bit words out. `random-stream.ts` makes distributions of
 * the words.
 */

/** The number of words of the state. */
export const STATE_SIZE = 624;
const MIDDLE = 397;

/** The generator. Loops that draw many words read `words` themselves, beginning at `position`, and set `position` afterwards. */
export class MT19937 {
  /** The state: 624 words. */
  readonly key = new Uint32Array(STATE_SIZE);
  /** The tempered words of the state, which are the draws. Outdated while `position` is 624. */
  readonly words = new Uint32Array(STATE_SIZE);
  /** The number of words that have been drawn, 0 to 624. */
  position = STATE_SIZE;

  /** Starts the sequence of one unsigned 32-bit seed (`init_genrand`). */
  seed(seed: number): void {
    const { key } = this;
    key[0] = seed;
    for (let i = 1; i < STATE_SIZE; i++) {
      key[i] = Math.imul(1812433253, key[i - 1] ^ (key[i - 1] >>> 30)) + i;
    }
    this.position = STATE_SIZE;
  }

  /** Starts the sequence of one or more unsigned 32-bit seeds (`init_by_array`). */
  seedByArray(seeds: ArrayLike<number>): void {
    this.seed(19650218);
    const { key } = this;
    let i = 1;
    /** Mixes a word with the one before it, and goes one word on. The first word of the state is only a carry. */
    const mix = (factor: number, addend: number) => {
      key[i] = (key[i] ^ Math.imul(key[i - 1] ^ (key[i - 1] >>> 30), factor)) + addend;
      if (++i === STATE_SIZE) {
        key[0] = key[STATE_SIZE - 1];
        i = 1;
      }
    };
    for (let k = 0; k < Math.max(STATE_SIZE, seeds.length); k++) {
      const j = k % seeds.length;
      mix(1664525, seeds[j] + j);
    }
    for (let k = 1; k < STATE_SIZE; k++) mix(1566083941, -i);
    key[0] = 0x80000000;
  }

  /** Continues a state of which `position` words have been drawn. */
  restore(key: ArrayLike<number>, position: number): void {
    this.key.set(key);
    this.position = position;
    this.#temper();
  }

  /** The next unsigned 32-bit word. */
  next(): number {
    if (this.position === STATE_SIZE) this.#refill();
    return this.words[this.position++];
  }

  /** The next number from [0, 1), of 53 bits: the upper ones of two words. */
  double(): number {
    const high = this.next() >>> 5;
    return doubleOf(high, this.next() >>> 6);
  }

  #refill(): void {
    const { key } = this;
    // Three loops, so that no index needs a remainder: they read the old state, the new one, and both.
    for (let i = 0; i < STATE_SIZE - MIDDLE; i++) key[i] = key[i + MIDDLE] ^ twist(key[i], key[i + 1]);
    for (let i = STATE_SIZE - MIDDLE; i < STATE_SIZE - 1; i++) {
      key[i] = key[i + MIDDLE - STATE_SIZE] ^ twist(key[i], key[i + 1]);
    }
    key[STATE_SIZE - 1] = key[MIDDLE - 1] ^ twist(key[STATE_SIZE - 1], key[0]);
    this.#temper();
    this.position = 0;
  }

  #temper(): void {
    const { key, words } = this;
    for (let i = 0; i < STATE_SIZE; i++) {
      let y = key[i];
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      words[i] = y ^ (y >>> 18);
    }
  }
}

/** The number from [0, 1) of 27 high bits and 26 low ones. */
export function doubleOf(high: number, low: number): number {
  return (high * 67108864 + low) * 2 ** -53;
}

/** The highest bit of one word and the others of the next, times the matrix of the recurrence. */
function twist(word: number, next: number): number {
  const y = (word & 0x80000000) | (next & 0x7fffffff);
  return (y >>> 1) ^ (-(y & 1) & 0x9908b0df);
}
