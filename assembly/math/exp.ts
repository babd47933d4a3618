/**
 * Exponentials of four float32 at once. Method: x = n·ln 2 + r with |r| ≤ ln 2 / 2, eˣ = 2ⁿ·eʳ (Cody & Waite, "Software
 * manual for the elementary functions", 1980). The polynomials are weighted minimax fits made for this file.
 */
import { madd, nmadd } from '../simd/madd';

/** eʳ for |r| ≤ 0.347: 1 + r + r²·P(r), P of degree 4; relative error of the fit 3.1e-9. */
// @ts-ignore: decorator
@inline
function expReduced(r: v128): v128 {
  let p = f32x4.splat(0.001381446490995586);
  p = madd(p, r, f32x4.splat(0.008368780836462975));
  p = madd(p, r, f32x4.splat(0.04166839271783829));
  p = madd(p, r, f32x4.splat(0.1666651964187622));
  p = madd(p, r, f32x4.splat(0.4999999403953552));
  return f32x4.add(madd(f32x4.mul(p, r), r, r), f32x4.splat(1));
}

/**
 * 1.5·2²³: a float of this size has steps of 1, so adding it rounds to the nearest whole number n, which is then found
 * in the low bits. Cheaper than rounding and converting, and NaN does no harm.
 */
const ROUNDER: f32 = 12582912;

/** n as a float, from what {@link ROUNDER} was added to. */
// @ts-ignore: decorator
@inline
function wholeOf(rounded: v128): v128 {
  return f32x4.sub(rounded, f32x4.splat(ROUNDER));
}

/** y·2ⁿ for n in [−280, 254]: in two steps, each a normal power of two, so that subnormal results come out. */
// @ts-ignore: decorator
@inline
function scale(y: v128, rounded: v128): v128 {
  const n = i32x4.sub(rounded, f32x4.splat(ROUNDER));
  const half = i32x4.shr_s(n, 1);
  const one = i32x4.splat(127 << 23);
  const first = i32x4.add(i32x4.shl(half, 23), one);
  const second = i32x4.add(i32x4.shl(i32x4.sub(n, half), 23), one);
  return f32x4.mul(f32x4.mul(y, first), second);
}

/** eˣ; at most 1 ulp, subnormal results included; 0 and ∞ beyond the range, NaN of NaN. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  // pmin and pmax keep a NaN in their first operand, and are one instruction where min and max are several.
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-105));
  const rounded = madd(bounded, f32x4.splat(1.4426950408889634), f32x4.splat(ROUNDER));
  const n = wholeOf(rounded);
  // ln 2 in two parts: the first has 12 trailing zero bits, so that its product with n is exact.
  let r = nmadd(n, f32x4.splat(0.693359375), bounded);
  r = nmadd(n, f32x4.splat(-2.12194440054690583e-4), r);
  return scale(expReduced(r), rounded);
}

/** 2ˣ; error and edges as {@link exp}. */
// @ts-ignore: decorator
@inline
export function exp2(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(129)), f32x4.splat(-151));
  const rounded = f32x4.add(bounded, f32x4.splat(ROUNDER));
  const r = f32x4.mul(f32x4.sub(bounded, wholeOf(rounded)), f32x4.splat(0.6931471805599453));
  return scale(expReduced(r), rounded);
}
