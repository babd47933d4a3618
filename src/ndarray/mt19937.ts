/**
 * The Mersenne Twister MT19937 (Matsumoto, Nishimura 1998): seeds in, 32-bit words out. What distributions make of the
 * words is random-state.ts's affair.
 */

/** Words of state. */
export const STATE_SIZE = 624;
const MIDDLE = 397;

/** The generator: 624 words of which `position` have been drawn since they were made. */
export class MT19937 {
  readonly key = new Uint32Array(STATE_SIZE);
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
    /** Mixes a word with the one before it, and steps on around the state, whose first word is only a carry. */
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

  /** The next unsigned 32-bit word. */
  next(): number {
    if (this.position === STATE_SIZE) this.#refill();
    let y = this.key[this.position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #refill(): void {
    const { key } = this;
    for (let i = 0; i < STATE_SIZE; i++) {
      const y = (key[i] & 0x80000000) | (key[(i + 1) % STATE_SIZE] & 0x7fffffff);
      key[i] = key[(i + MIDDLE) % STATE_SIZE] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.position = 0;
  }
}
