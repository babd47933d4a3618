/**
 * Converts the two 16-bit floating formats, IEEE half (1 sign, 5 exponent, 10 fraction bits) and bfloat16 (1, 8, 7), to
 * and from float32. Widening is exact; narrowing rounds to nearest, ties to even.
 */

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/**
 * A half's bits, placed where a float32 has them, give a value that is too small by this factor: the exponents' biases
 * are 15 and 127.
 */
const HALF_SCALE = 2 ** 112;

/** The value of a half's 16 bits. */
export function halfToFloat(bits: number): number {
  const magnitude = bits & 0x7fff;
  const sign = (bits & 0x8000) << 16;
  if (magnitude >= 0x7c00) {
    word[0] = sign | 0x7f800000 | (magnitude << 13); // infinity and NaN stay as they are
    return float[0];
  }
  word[0] = sign | (magnitude << 13);
  return float[0] * HALF_SCALE;
}

/** The bits of the half nearest to a float32. Values from 65520 upwards become infinity; the largest half is 65504. */
export function floatToHalf(value: number): number {
  float[0] = value;
  const sign = (word[0] >>> 16) & 0x8000;
  const magnitude = word[0] & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // A half's unit in the last place is 2^-24 below 2^-14 and grows with the exponent above.
  const exponent = Math.max((magnitude >>> 23) - 127, -14);
  const units = roundHalfToEven(Math.abs(float[0]) * 2 ** (10 - exponent));
  // A carry into the exponent needs no special case: 2048 units are 1024 units of the next exponent.
  const bits = exponent > 15 ? 0x7c00 : Math.min(((exponent + 14) << 10) + units, 0x7c00);
  return sign | bits;
}

function roundHalfToEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}

/** The value of a bfloat16: its 16 bits are the upper half of a float32. */
export function bfloatToFloat(bits: number): number {
  word[0] = bits << 16;
  return float[0];
}

/** The bits of the bfloat16 nearest to a float32. */
export function floatToBfloat(value: number): number {
  float[0] = value;
  if (Number.isNaN(value)) return (word[0] >>> 16) | 0x40;
  // Adding half a unit (less one where the kept part is even) carries exactly when rounding goes up.
  return ((word[0] + 0x7fff + ((word[0] >>> 16) & 1)) >>> 16) & 0xffff;
}
