/** Exponentials, logarithms, and functions made of them. */

import { horner, type LibraryFunction } from './library-function.js';

/** (eʳ − 1 − r)/r² for |r| ≤ ln(2)/2. */
const EXP = [0.5, 0.166666657, 0.0416662917, 0.00833349861, 0.00139449479, 0.000197901143];
/** (log(1+f) − f + f²/2)/f³ for √½ ≤ 1+f ≤ √2. */
const LOG = [
  0.333333105, -0.249999866, 0.200022191, -0.166692451, 0.142187804, -0.123844944, 0.118723094, -0.117887996,
  0.0691557825,
];
/** (tanh x − x)/x³ in x², for |x| ≤ 0.625. */
const TANH = [-0.333332837, 0.133314937, -0.0537436604, 0.0206510425, -0.00571749546];
/** (sinh x − x)/x³ in x², for |x| ≤ 1. */
const SINH = [0.166666672, 0.00833335053, 0.000198360663, 2.81743564e-6];

/** ln 2 in two parts: small integer multiples of the first part are exact. */
const LN2_HIGH = '0.693359375';
const LN2_LOW = '-2.12194440e-4';

export const EXPONENTIALS = {
  scale: {
    source: `
// x·2ⁿ in two steps: neither factor leaves the range of floats.
float scale(float x, int n) {
  int h = n / 2;
  return x * uintBitsToFloat(uint(h + 127) << 23) * uintBitsToFloat(uint(n - h + 127) << 23);
}`,
  },
  expTail: { source: `float expTail(float r) { return ${horner('r', EXP)}; }` },
  exponential: {
    uses: ['scale', 'expTail'],
    source: `
float exponential(float x) {
  if (isNotANumber(x)) return x;
  x = clamp(x, -104.0, 89.0);
  float n = roundEven(x * 1.44269504);
  float r = (x - n * ${LN2_HIGH}) - n * ${LN2_LOW};
  return scale(1.0 + (r + r * r * expTail(r)), int(n));
}`,
  },
  exponential2: {
    uses: ['scale', 'expTail'],
    source: `
float exponential2(float x) {
  if (isNotANumber(x)) return x;
  x = clamp(x, -151.0, 129.0);
  float n = roundEven(x);
  float r = (x - n) * 0.693147181;
  return scale(1.0 + (r + r * r * expTail(r)), int(n));
}`,
  },
  exponentialMinus1: {
    uses: ['exponential'],
    source: `
float exponentialMinus1(float x) {
  return abs(x) < 0.34 ? x + x * x * expTail(x) : exponential(x) - 1.0;
}`,
  },
  logTail: { source: `float logTail(float f) { return f * f * f * ${horner('f', LOG)}; }` },
  splitExponent: {
    source: `
// x = 2ᵉ·(1 + f) with √½ ≤ 1 + f < √2, for positive finite x; returns f.
float splitExponent(float x, out float e) {
  e = 0.0;
  if (x < 1.17549435e-38) {
    x *= 33554432.0;
    e = -25.0;
  }
  uint bits = floatBitsToUint(x);
  e += float(int(bits >> 23) - 127);
  float m = uintBitsToFloat((bits & 0x7fffffu) | 0x3f800000u);
  if (m > 1.41421356) {
    m *= 0.5;
    e += 1.0;
  }
  return m - 1.0;
}`,
  },
  logOf1Plus: {
    uses: ['logTail'],
    source: `float logOf1Plus(float f) { return f - (0.5 * f * f - logTail(f)); }`,
  },
  outsideLog: {
    source: `
// Whether the logarithm of x is not finite; then value is it.
bool outsideLog(float x, out float value) {
  value = isNotANumber(x) || x < 0.0 ? NOT_A_NUMBER : x == 0.0 ? -INFINITE : x;
  return !(x > 0.0) || isInfinite(x);
}`,
  },
  logarithm: {
    uses: ['splitExponent', 'logTail', 'outsideLog'],
    source: `
float logarithm(float x) {
  float value, e;
  if (outsideLog(x, value)) return value;
  float f = splitExponent(x, e);
  return (f + (e * ${LN2_LOW} - (0.5 * f * f - logTail(f)))) + e * ${LN2_HIGH};
}`,
  },
  logarithm2: {
    uses: ['splitExponent', 'logOf1Plus', 'outsideLog'],
    source: `
float logarithm2(float x) {
  float value, e;
  if (outsideLog(x, value)) return value;
  float f = splitExponent(x, e);
  return e + logOf1Plus(f) * 1.44269504;
}`,
  },
  logarithm10: {
    uses: ['splitExponent', 'logOf1Plus', 'outsideLog'],
    source: `
float logarithm10(float x) {
  float value, e;
  if (outsideLog(x, value)) return value;
  float f = splitExponent(x, e);
  // log₁₀ 2 in two parts, the first of 11 bits.
  return e * 0.301025390625 + (e * 4.60503907e-6 + logOf1Plus(f) * 0.434294482);
}`,
  },
  logarithm1p: {
    uses: ['logarithm', 'logOf1Plus'],
    source: `
float logarithm1p(float x) {
  return x > -0.29 && x < 0.41 ? logOf1Plus(x) : logarithm(1.0 + x);
}`,
  },
  hyperbolicSine: {
    uses: ['exponential'],
    source: `
float hyperbolicSine(float x) {
  float m = abs(x);
  float z = x * x;
  if (m <= 1.0) return x + x * z * ${horner('z', SINH)};
  float h = exponential(0.5 * m);
  float y = (0.5 * h) * h - 0.5 / (h * h);
  return x < 0.0 ? -y : y;
}`,
  },
  hyperbolicCosine: {
    uses: ['exponential'],
    source: `
float hyperbolicCosine(float x) {
  float h = exponential(0.5 * abs(x));
  return (0.5 * h) * h + 0.5 / (h * h);
}`,
  },
  hyperbolicTangent: {
    uses: ['exponential'],
    source: `
float hyperbolicTangent(float x) {
  float m = abs(x);
  float z = x * x;
  if (m < 0.625) return x + x * z * ${horner('z', TANH)};
  float y = 1.0 - 2.0 / (exponential(2.0 * m) + 1.0);
  return x < 0.0 ? -y : y;
}`,
  },
  sigmoid: {
    uses: ['exponential'],
    source: 'float sigmoid(float x) { return 1.0 / (1.0 + exponential(-x)); }',
  },
  softplus: {
    uses: ['exponential', 'logarithm1p'],
    source:
      'float softplus(float x) { return max(x, 0.0) + (isNotANumber(x) ? x : logarithm1p(exponential(-abs(x)))); }',
  },
} as const satisfies Record<string, LibraryFunction>;
