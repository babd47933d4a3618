/** Powers, remainders and quotients of floats and of integers. */

import type { LibraryFunction } from './library-function.js';

export const POWERS = {
  productError: {
    source: `
// The upper 12 bits of x: products of two such numbers are exact. This masks bits, since compilers would simplify Dekker's (1971)
// (c − (c − x)).
float upper(float x) { return uintBitsToFloat(floatBitsToUint(x) & 0xfffff000u); }
// a·b − p, where p is the rounded product.
float productError(float a, float b, float p) {
  float ha = upper(a), hb = upper(b);
  float la = a - ha, lb = b - hb;
  return ((ha * hb - p) + ha * lb + la * hb) + la * lb;
}`,
  },
  power: {
    uses: ['productError', 'splitExponent', 'logOf1Plus', 'expTail', 'scale'],
    source: `
// |x|ʸ for finite positive |x| ≠ 1: y·log₂|x| in two floats, since 2ᵗ multiplies the error of t by t. Each upper part has 12 bits, so
// its products are exact; the lower part has the rest.
float powerOfPositive(float x, float y) {
  float e;
  float f = splitExponent(x, e);
  // ln(1 + f) = f − f²/2 + …, with f² = fu² + (f − fu)(f + fu).
  float fu = upper(f);
  float ln = upper(logOf1Plus(f));
  float lnRest = (((f - ln) - 0.5 * fu * fu) - 0.5 * (f - fu) * (f + fu)) + logTail(f);
  // log₂ e = 1.4423828125 + 3.12228389e-4, the first of 11 bits.
  float product = ln * 1.4423828125;
  float productRest = ln * 3.12228389e-4 + lnRest * 1.44269504;
  float lb = upper(e + (product + productRest));
  float lbRest = ((e - lb) + product) + productRest;
  float estimate = y * lb;
  if (estimate > 130.0) return INFINITE;
  if (estimate < -155.0) return 0.0;
  float yu = upper(y);
  float t = yu * lb;
  float tRest = y * lbRest + (y - yu) * lb;
  float n = roundEven(t + tRest);
  float r = ((t - n) + tRest) * 0.693147181;
  return scale(1.0 + (r + r * r * expTail(r)), int(n));
}
float power(float x, float y) {
  if (y == 0.0 || x == 1.0) return 1.0;
  if (isNotANumber(x) || isNotANumber(y)) return NOT_A_NUMBER;
  float m = abs(x);
  bool whole = floor(y) == y;
  bool odd = whole && abs(y) < 16777216.0 && (int(abs(y)) & 1) == 1;
  float s = isSigned(x) && odd ? -1.0 : 1.0;
  if (m == 1.0) return x > 0.0 || whole ? s : NOT_A_NUMBER;
  if (isInfinite(y)) return (m > 1.0) == (y > 0.0) ? INFINITE : 0.0;
  if (m == 0.0 || isInfinite(m)) return s * ((m == 0.0) == (y > 0.0) ? 0.0 : INFINITE);
  if (x < 0.0 && !whole) return NOT_A_NUMBER;
  if (whole && abs(y) <= 8.0) {
    // A few products round less than the logarithm, and exact powers stay exact.
    float product = 1.0, square = m;
    for (int n = int(abs(y)); n > 0; n >>= 1) {
      if ((n & 1) == 1) product *= square;
      square *= square;
    }
    return s * (y < 0.0 ? 1.0 / product : product);
  }
  return s * powerOfPositive(m, y);
}`,
  },
  remainder: {
    uses: ['productError'],
    source: `
// a − b·trunc(a/b), by quotients of at most 22 bits, whose products with b are exact in two floats.
float remainder(float a, float b) {
  if (isNotANumber(a) || isNotANumber(b) || isInfinite(a) || b == 0.0) return NOT_A_NUMBER;
  float m = abs(b);
  float r = abs(a);
  if (isInfinite(b) || r < m) return a;
  for (int k = 0; k < 16 && abs(r) >= m; ++k) {
    float q = r / m;
    q = abs(q) < 4194304.0 ? trunc(q) : uintBitsToFloat(floatBitsToUint(q) & 0xfffffffcu);
    float p = q * m;
    r = (r - p) - productError(q, m, p);
  }
  // A quotient that was rounded up leaves too little.
  if (r < 0.0) r += m;
  return isSigned(a) ? -r : r;
}
float signedZero(bool negative) { return uintBitsToFloat(negative ? 0x80000000u : 0u); }
// The remainder with the sign of the divisor, also for a zero.
float modulus(float a, float b) {
  float r = remainder(a, b);
  if (r == 0.0) return signedZero(isSigned(b));
  return (r < 0.0) != (b < 0.0) ? r + b : r;
}
// The quotient of the modulus. ⌊a/b⌋ would be wrong where a/b rounds up to an integer.
float floorQuotient(float a, float b) {
  if (b == 0.0) return a / b;
  float r = remainder(a, b);
  if (isNotANumber(r)) return r;
  float q = isInfinite(b) ? 0.0 : (a - r) / b;
  if (r != 0.0 && (r < 0.0) != (b < 0.0)) q -= 1.0;
  if (q == 0.0) return signedZero(isSigned(a) != isSigned(b));
  float whole = floor(q);
  return q - whole > 0.5 ? whole + 1.0 : whole;
}`,
  },
  wholeNumbers: {
    source: `
// Division by 0 gives 0, as NumPy does; −2³¹ / −1 wraps, which GLSL leaves open.
int floorQuotient(int a, int b) {
  if (b == 0) return 0;
  if (b == -1) return -a;
  int q = a / b;
  return q * b != a && (a < 0) != (b < 0) ? q - 1 : q;
}
int modulus(int a, int b) { return b == 0 ? 0 : a - floorQuotient(a, b) * b; }
int remainder(int a, int b) { return b == 0 || b == -1 ? 0 : a - (a / b) * b; }
int power(int x, int y) {
  if (y < 0) return x == 1 ? 1 : x == -1 ? ((y & 1) == 0 ? 1 : -1) : 0;
  int product = 1;
  for (int n = y; n > 0; n >>= 1) {
    if ((n & 1) == 1) product *= x;
    x *= x;
  }
  return product;
}`,
  },
} as const satisfies Record<string, LibraryFunction>;
