/** Trigonometric functions and their inverses. */

import { horner, type LibraryFunction } from './library-function.js';

/** (sin r − r)/r³ and (cos r − 1 + r²/2)/r⁴ in r², for |r| ≤ π/4. */
const SIN = [-0.166666552, 0.00833216682, -0.000195156885];
const COS = [0.0416666456, -0.00138873525, 2.44367129e-5];
/** (arcsin x − x)/x³ in x², for |x| ≤ ½. */
const ARCSIN = [0.166667536, 0.0749525204, 0.0454760082, 0.0241523404, 0.0422112942];
/** (arctan x − x)/x³ in x², for |x| ≤ tan(π/8). */
const ARCTAN = [-0.333333164, 0.199984938, -0.142439187, 0.105964474, -0.0608445778];

export const ANGLES = {
  largeAngle: {
    source: `
// 2/π after a word of zeros: 0.a2f9836e4e44…
const uint TWO_OVER_PI[8] =
  uint[8](0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu);
// The upper word of a·b.
uint upperProduct(uint a, uint b) {
  uint al = a & 0xffffu, ah = a >> 16, bl = b & 0xffffu, bh = b >> 16;
  uint low = ah * bl + (al * bl >> 16);
  uint high = al * bh + (low & 0xffffu);
  return ah * bh + (low >> 16) + (high >> 16);
}
// As reduceAngle, for finite |x| ≥ 1, in integers, after Payne and Hanek (1983): x is m·2ᵉ, and the product needs only 96 bits of 2/π.
// The bits before them make multiples of 2π.
float reduceLargeAngle(float x, out int quadrant) {
  uint bits = floatBitsToUint(x);
  uint m = (bits & 0x7fffffu) | 0x800000u;
  int first = int((bits >> 23) & 255u) - 120, word = first >> 5, shift = first & 31;
  uint w[3];
  for (int k = 0; k < 3; ++k) {
    uint next = TWO_OVER_PI[word + k + 1];
    w[k] = shift == 0 ? TWO_OVER_PI[word + k] : TWO_OVER_PI[word + k] << shift | next >> (32 - shift);
  }
  // m·2/π modulo 4: two bits of the quadrant, 62 of the fraction.
  uint high = m * w[0] + upperProduct(m, w[1]), low = m * w[1], carry = upperProduct(m, w[2]);
  low += carry;
  if (low < carry) ++high;
  quadrant = int(high >> 30);
  // To the nearest multiple, above or below.
  int fraction = int(high << 2) >> 2;
  bool above = fraction < 0;
  if (above) {
    ++quadrant;
    low = ~low + 1u;
    fraction = ~fraction + (low == 0u ? 1 : 0);
  }
  float r = (float(fraction) * 9.31322574615478515625e-10 + float(low) * 2.16840434497100886801e-19) * 1.57079633;
  if (x < 0.0) quadrant = -quadrant;
  quadrant &= 3;
  return above != (x < 0.0) ? -r : r;
}`,
  },
  angle: {
    uses: ['largeAngle'],
    source: `
// x minus the nearest multiple of π/2; the low bits of the multiple's number are the quadrant. Products with the parts of π/2 are exact
// up to |x| = 8192.
float reduceAngle(float x, out int quadrant) {
  if (abs(x) > 8192.0 && !isInfinite(x)) return reduceLargeAngle(x, quadrant);
  float n = roundEven(x * 0.636619772);
  quadrant = int(n) & 3;
  return ((x - n * 1.5703125) - n * 4.837512969970703125e-4) - n * 7.54978995489188216e-8;
}
float sineNear0(float r) { float z = r * r; return r + r * z * ${horner('z', SIN)}; }
float cosineNear0(float r) { float z = r * r; return 1.0 - (0.5 * z - z * z * ${horner('z', COS)}); }`,
  },
  sine: {
    uses: ['angle'],
    source: `
float sine(float x) {
  int q;
  float r = reduceAngle(x, q);
  float y = (q & 1) == 0 ? sineNear0(r) : cosineNear0(r);
  return (q & 2) == 0 ? y : -y;
}`,
  },
  cosine: {
    uses: ['angle'],
    source: `
float cosine(float x) {
  int q;
  float r = reduceAngle(x, q);
  float y = (q & 1) == 0 ? cosineNear0(r) : sineNear0(r);
  return ((q + 1) & 2) == 0 ? y : -y;
}`,
  },
  tangent: {
    uses: ['angle'],
    source: `
float tangent(float x) {
  int q;
  float r = reduceAngle(x, q);
  return (q & 1) == 0 ? sineNear0(r) / cosineNear0(r) : -cosineNear0(r) / sineNear0(r);
}`,
  },
  arcsineNear0: {
    source: `float arcsineNear0(float x) { float z = x * x; return x + x * z * ${horner('z', ARCSIN)}; }`,
  },
  arcsine: {
    uses: ['arcsineNear0'],
    source: `
float arcsine(float x) {
  float m = abs(x);
  if (!(m <= 1.0)) return NOT_A_NUMBER;
  float y = m <= 0.5 ? arcsineNear0(m) : 1.57079633 - 2.0 * arcsineNear0(sqrt(0.5 - 0.5 * m));
  return x < 0.0 ? -y : y;
}`,
  },
  arccosine: {
    uses: ['arcsineNear0'],
    source: `
float arccosine(float x) {
  float m = abs(x);
  if (!(m <= 1.0)) return NOT_A_NUMBER;
  if (m <= 0.5) return 1.57079633 - arcsineNear0(x);
  float y = 2.0 * arcsineNear0(sqrt(0.5 - 0.5 * m));
  return x < 0.0 ? 3.14159265 - y : y;
}`,
  },
  arctangent: {
    source: `
float arctangent(float x) {
  float m = abs(x);
  float r = m > 2.41421356 ? -1.0 / m : m > 0.414213562 ? (m - 1.0) / (m + 1.0) : m;
  float base = m > 2.41421356 ? 1.57079633 : m > 0.414213562 ? 0.785398163 : 0.0;
  float z = r * r;
  float y = base + (r + r * z * ${horner('z', ARCTAN)});
  return isSigned(x) ? -y : y;
}`,
  },
  arctangent2: {
    uses: ['arctangent'],
    source: `
float arctangent2(float y, float x) {
  if (isNotANumber(x) || isNotANumber(y)) return NOT_A_NUMBER;
  float angle;
  if (isInfinite(x) && isInfinite(y)) angle = 0.785398163;
  else if (y == 0.0) angle = 0.0;
  else angle = arctangent(abs(y) / abs(x));
  if (isSigned(x)) angle = 3.14159265 - angle;
  return isSigned(y) ? -angle : angle;
}`,
  },
} as const satisfies Record<string, LibraryFunction>;
