/**
 * Exponentials of four float32 at once. Method: x = n·ln 2 + r with |r| ≤ ln 2 / 2, eˣ = 2ⁿ·eʳ (Cody & Waite, "Software
 * manual for the elementary functions", 1980). The polynomials are weighted minimax fits made for this file.
 */
import { lanes, lanesOf } from '../simd/constant';
import { madd } from '../simd/madd';

/**
 * 1.5·2²³. Floats of this size are whole numbers, so adding it rounds to the nearest whole number n, and the low bits of the sum
 * are n. This is cheaper than rounding and converting, and harmless for NaN.
 */
const ROUNDER = memory.data<f32>([12582912]);
const LOG2_E = memory.data<f32>([1.4426950408889634]);
/** −ln 2 in two parts. The first has 12 trailing zero bits, so its product with n is exact. */
const MINUS_LN2_HIGH = memory.data<f32>([-0.693359375]);
const MINUS_LN2_LOW = memory.data<f32>([2.12194440054690583e-4]);
const LN2 = memory.data<f32>([0.6931471805599453]);
const ONE = memory.data<f32>([1]);
const NO_SIGN = memory.data<i32>([0x7fffffff]);

/** P of eʳ = 1 + r + r²·P(r), the highest power first. */
const POLYNOMIAL = memory.data<f32>([
  0.001381446490995586, 0.008368780836462975, 0.04166839271783829, 0.1666651964187622, 0.4999999403953552,
]);

/** The largest |x| for which eˣ, or 2ˣ, and the power of two that scales it are normal numbers. */
const E_NORMAL = memory.data<f32>([87]);
const TWO_NORMAL = memory.data<f32>([125]);

/** eʳ for |r| ≤ 0.347; relative error of the fit 3.1e-9. */
// @ts-ignore: decorator
@inline
function expReduced(r: v128): v128 {
  let p = madd(lanesOf(POLYNOMIAL, 0), r, lanesOf(POLYNOMIAL, 1));
  p = madd(p, r, lanesOf(POLYNOMIAL, 2));
  p = madd(p, r, lanesOf(POLYNOMIAL, 3));
  p = madd(p, r, lanesOf(POLYNOMIAL, 4));
  return f32x4.add(madd(f32x4.mul(p, r), r, r), lanes(ONE));
}

/** r of x, from `rounded`, which is n + {@link ROUNDER}. */
// @ts-ignore: decorator
@inline
function rest(x: v128, rounded: v128): v128 {
  const n = f32x4.sub(rounded, lanes(ROUNDER));
  return madd(n, lanes(MINUS_LN2_LOW), madd(n, lanes(MINUS_LN2_HIGH), x));
}

/** y·2ⁿ if that is normal: n is added to the exponent. */
// @ts-ignore: decorator
@inline
function scale(y: v128, rounded: v128): v128 {
  return i32x4.add(y, i32x4.shl(rounded, 23));
}

/** y·2ⁿ for n in [−280, 254], in two steps by normal powers of two, so that results may be subnormal. */
// @ts-ignore: decorator
@inline
function scaleFar(y: v128, rounded: v128): v128 {
  const n = i32x4.sub(rounded, lanes(ROUNDER));
  const half = i32x4.shr_s(n, 1);
  const first = i32x4.add(i32x4.shl(half, 23), lanes(ONE));
  const second = i32x4.add(i32x4.shl(i32x4.sub(n, half), 23), lanes(ONE));
  return f32x4.mul(f32x4.mul(y, first), second);
}

/** |x|. On hardware, wasm's `abs` takes three instructions. */
// @ts-ignore: decorator
@inline
export function magnitude(x: v128): v128 {
  return v128.and(x, lanes(NO_SIGN));
}

/** Whether a lane is NaN or has a magnitude above `limit`. The bits of magnitudes are in the order of the numbers. */
// @ts-ignore: decorator
@inline
function exceeds(x: v128, limit: usize): bool {
  return v128.any_true(i32x4.gt_s(magnitude(x), lanes(limit)));
}

/** Whether a lane is outside the range of {@link expNear}. */
// @ts-ignore: decorator
@inline
export function isFar(x: v128): bool {
  return exceeds(x, E_NORMAL);
}

/** eˣ for |x| ≤ 87. */
// @ts-ignore: decorator
@inline
export function expNear(x: v128): v128 {
  const rounded = madd(x, lanes(LOG2_E), lanes(ROUNDER));
  return scale(expReduced(rest(x, rounded)), rounded);
}

/** eˣ for any x. */
function expFar(x: v128): v128 {
  // pmin and pmax keep a NaN in their first operand, and take one instruction where min and max take several.
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-105));
  const rounded = madd(bounded, lanes(LOG2_E), lanes(ROUNDER));
  return scaleFar(expReduced(rest(bounded, rounded)), rounded);
}

/** eˣ. Error at most 1 ulp, also of subnormal results; 0 and ∞ beyond the range; NaN for NaN. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  return isFar(x) ? expFar(x) : expNear(x);
}

/** {@link exp2} of any x. */
function exp2Far(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(129)), f32x4.splat(-151));
  const rounded = f32x4.add(bounded, lanes(ROUNDER));
  const r = f32x4.mul(f32x4.sub(bounded, f32x4.sub(rounded, lanes(ROUNDER))), lanes(LN2));
  return scaleFar(expReduced(r), rounded);
}

/** 2ˣ, with the error and the limits of {@link exp}. */
// @ts-ignore: decorator
@inline
export function exp2(x: v128): v128 {
  if (exceeds(x, TWO_NORMAL)) return exp2Far(x);
  const rounded = f32x4.add(x, lanes(ROUNDER));
  const r = f32x4.mul(f32x4.sub(x, f32x4.sub(rounded, lanes(ROUNDER))), lanes(LN2));
  return scale(expReduced(r), rounded);
}
