// @ts-check
/**
 * Makes the patches that src/backends/wasm/patch.ts applies: what has to be known, beside one build of the kernels, to have
 * another. It compares bytes, and knows nothing of WebAssembly.
 */

/** Places of the base are found by this many bytes at once. */
const KEY = 8;

/** Places tried for one key: repeated code would otherwise be compared for ever. */
const CANDIDATES = 64;

/** A copy that continues where the last one ended is nearly free; one from elsewhere must be worth its distance. */
const SHORTEST = { onward: 4, elsewhere: 8 };

/**
 * @param {number} value not negative
 * @returns {number[]} LEB128
 */
function number(value) {
  const bytes = [];
  for (; value >= 128; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

/**
 * @param {Buffer} base
 * @returns {Map<string, number[]>} where each key occurs
 */
function indexOf(base) {
  /** @type {Map<string, number[]>} */
  const places = new Map();
  for (let i = 0; i + KEY <= base.length; i++) {
    const key = base.toString('latin1', i, i + KEY);
    const known = places.get(key);
    if (!known) places.set(key, [i]);
    else if (known.length < CANDIDATES) known.push(i);
  }
  return places;
}

/**
 * How many bytes from two places on are the same.
 * @param {Buffer} base
 * @param {number} from
 * @param {Buffer} target
 * @param {number} to
 */
function commonLength(base, from, target, to) {
  let length = 0;
  while (to + length < target.length && from + length < base.length && base[from + length] === target[to + length]) {
    length++;
  }
  return length;
}

/**
 * The patch that makes `target` of `base`.
 * @param {Buffer} base
 * @param {Buffer} target
 */
export function makePatch(base, target) {
  const places = indexOf(base);
  /** @type {number[]} */
  const steps = [];
  /** @type {number[]} */
  const fresh = [];
  let taken = 0; // since the last copy
  let onward = 0; // where the base goes on, if bytes were replaced one by one
  /** @param {number} distance @param {number} length */
  const step = (distance, length) => {
    steps.push(...number(taken), ...number(distance < 0 ? -2 * distance - 1 : 2 * distance), ...number(length));
    taken = 0;
  };

  for (let to = 0; to < target.length; ) {
    let from = onward;
    let length = commonLength(base, onward, target, to);
    if (length < SHORTEST.onward) length = 0;
    for (const place of places.get(target.toString('latin1', to, to + KEY)) ?? []) {
      const there = commonLength(base, place, target, to);
      if (there >= SHORTEST.elsewhere && there > length + SHORTEST.onward) [from, length] = [place, there];
    }
    if (length === 0) {
      fresh.push(target[to++]);
      taken++;
      onward++;
    } else {
      step(from - onward, length);
      to += length;
      onward = from + length;
    }
  }
  if (taken > 0) step(0, 0);
  return Buffer.from([...number(target.length), ...number(steps.length), ...steps, ...fresh]);
}
