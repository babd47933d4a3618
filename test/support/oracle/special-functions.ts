/** Functions that JavaScript's Math lacks, in float64, to about 1e-14. */

/** The error function: erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·5⋯(2n+1)) (DLMF 7.6.2). All terms have one sign. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/**
 * 1 − erf(x). For large x by the continued fraction √π e^(x²) erfc(x) = 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …))))
 * (DLMF 7.9.1), where the difference would cancel.
 */
export function erfc(x: number): number {
  if (x < 2) return 1 - erf(x);
  let tail = x;
  for (let n = 300; n > 0; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}

/** Rounds to the nearest whole number, halves to the even one. */
export function rint(x: number): number {
  if (!Number.isFinite(x)) return x;
  const below = Math.floor(x);
  const fraction = x - below;
  if (fraction !== 0.5) return fraction < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** C's pow, which differs from JavaScript's where the base is 1 or −1 and the exponent is not finite. */
export function pow(x: number, y: number): number {
  if (x === 1) return 1;
  if (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) return 1;
  return x ** y;
}

/** The remainder with the sign of the divisor, as Python's `%`. */
export function mod(x: number, y: number): number {
  const remainder = x % y;
  return remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder;
}

/** The exact quotient rounded down, where it is less than 2⁵³; as Python's `//` beyond the numbers. */
export function floorQuotient(x: number, y: number): number {
  if (y === 0) return x / y;
  if (!Number.isFinite(x) || Number.isNaN(y)) return Number.NaN;
  if (!Number.isFinite(y)) return x !== 0 && x < 0 !== y < 0 ? -1 : 0;
  return Math.round((x - mod(x, y)) / y);
}
