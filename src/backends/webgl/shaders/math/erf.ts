/** The error function and its complement. */

import { horner, type LibraryFunction } from './library-function.js';

/** erf(x)/x in x², for |x| ≤ 1. */
const ERF = [1.12837911, -0.37612626, 0.112836003, -0.0268544443, 0.00518953521, -0.000802084105, 7.8891193e-5];
/** erfc(x)·exp(x²) in 2/(2+x), for x from ½ to 11, where float32 ends. */
const ERFCX = [
  3.2146163e-6, 0.281992674, 0.283506602, 0.235659286, 0.232245132, -0.100392587, 0.394334227, -0.599338591,
  0.344910204, -0.0729264319,
];

export const ERROR_FUNCTIONS = {
  errorFunction: {
    uses: ['errorComplement'],
    source: `
float errorFunction(float x) {
  if (abs(x) <= 1.0) return errorNear0(x);
  float y = 1.0 - errorTail(abs(x));
  return x < 0.0 ? -y : y;
}`,
  },
  errorComplement: {
    uses: ['exponential'],
    source: `
float errorNear0(float x) { float z = x * x; return x * ${horner('z', ERF)}; }
// erfc for x ≥ ½. x² has two parts: exp would multiply the rounding error of a single float by x².
float errorTail(float x) {
  if (isNotANumber(x)) return x;
  x = min(x, 11.0);
  float t = 2.0 / (2.0 + x);
  float s = uintBitsToFloat(floatBitsToUint(x) & 0xfffff000u);
  return exponential(-s * s) * exponential((s - x) * (s + x)) * ${horner('t', ERFCX)};
}
float errorComplement(float x) {
  if (abs(x) < 0.5) return 1.0 - errorNear0(x);
  return x < 0.0 ? 2.0 - errorTail(-x) : errorTail(x);
}`,
  },
} as const satisfies Record<string, LibraryFunction>;
