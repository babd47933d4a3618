/**
 * Logarithms of four float32 at once. Method: x = 2ᵉ·m with m in [√½, √2), and with f = m − 1, s = f/(2 + f):
 * log m = 2 artanh s = f − s·(f − R(s²)), which is exact to the last digits near m = 1. R is a minimax fit made for this file.
 */
import { lanes, lanesOf } from '../simd/constant';
import { madd } from '../simd/madd';

/** The bits of √½, the smallest m. */
const ROOT_HALF = memory.data<i32>([0x3f3504f3]);
const MANTISSA = memory.data<i32>([0x7fffff]);
const ONE = memory.data<f32>([1]);
const TWO = memory.data<f32>([2]);
const INFINITY = memory.data<f32>([Infinity]);

/** The smallest normal number, and a power of two that makes every subnormal number normal. */
const SMALLEST = memory.data<f32>([1.17549435e-38]);
const ENLARGE = memory.data<f32>([8388608]);

/** ln 2 in two parts. The first has 12 trailing zero bits, so its product with e is exact. */
const LN2_HIGH = memory.data<f32>([0.693359375]);
const LN2_LOW = memory.data<f32>([-2.12194440054690583e-4]);

/** −R(z)/z, the highest power first. Relative error of the fit 1.6e-9. */
const POLYNOMIAL = memory.data<f32>([-0.2987307608127594, -0.399774968624115, -0.6666677594184875]);

/** x; subnormal lanes are scaled by 2²³ into the normal range. */
// @ts-ignore: decorator
@inline
function normalized(x: v128, isSmall: v128): v128 {
  return v128.bitselect(f32x4.mul(x, lanes(ENLARGE)), x, isSmall);
}

/** The bits of x less the bits of √½; their upper bits, `shifted >> 23`, are e. */
// @ts-ignore: decorator
@inline
function shiftedBits(x: v128): v128 {
  return i32x4.sub(x, lanes(ROOT_HALF));
}

/** The exponent e as a float. */
// @ts-ignore: decorator
@inline
function exponent(shifted: v128, isSmall: v128): v128 {
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  return f32x4.sub(e, v128.and(isSmall, f32x4.splat(23)));
}

/** m − 1, in [√½ − 1, √2 − 1). */
// @ts-ignore: decorator
@inline
function mantissaMinusOne(shifted: v128): v128 {
  const m = i32x4.add(v128.and(shifted, lanes(MANTISSA)), lanes(ROOT_HALF));
  return f32x4.sub(m, lanes(ONE));
}

/** f − log m = s·(f − R(s²)). */
// @ts-ignore: decorator
@inline
function shortfall(f: v128): v128 {
  const s = f32x4.div(f, f32x4.add(f, lanes(TWO)));
  const z = f32x4.mul(s, s);
  let r = madd(lanesOf(POLYNOMIAL, 0), z, lanesOf(POLYNOMIAL, 1));
  r = madd(r, z, lanesOf(POLYNOMIAL, 2));
  return f32x4.mul(s, madd(r, z, f));
}

/** The logarithm of x where x is 0, negative, ∞ or NaN; elsewhere `regular`, which is wrong for those. */
// @ts-ignore: decorator
@inline
function withEdges(x: v128, regular: v128): v128 {
  // The logarithm of ∞ is ∞ and that of NaN is NaN.
  const inRange = f32x4.lt(x, lanes(INFINITY));
  let y = v128.bitselect(regular, x, inRange);
  y = v128.bitselect(f32x4.splat(-Infinity), y, f32x4.eq(x, f32x4.splat(0)));
  return v128.bitselect(f32x4.splat(NaN), y, f32x4.lt(x, f32x4.splat(0)));
}

/** log x. Error at most 1 ulp, also for subnormal x; −∞ at 0, NaN below. */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  const isSmall = f32x4.lt(x, lanes(SMALLEST));
  const shifted = shiftedBits(normalized(x, isSmall));
  const e = exponent(shifted, isSmall);
  const f = mantissaMinusOne(shifted);
  const low = madd(e, lanes(LN2_LOW), f32x4.neg(shortfall(f)));
  return withEdges(x, madd(e, lanes(LN2_HIGH), f32x4.add(f, low)));
}

/** log x in units of log `base`: `perUnit` is 1/ln(base) and `high + low` is log_base 2. */
// @ts-ignore: decorator
@inline
function logOfBase(x: v128, unitHigh: f32, unitLow: f32, high: f32, low: f32): v128 {
  const isSmall = f32x4.lt(x, lanes(SMALLEST));
  const shifted = shiftedBits(normalized(x, isSmall));
  const e = exponent(shifted, isSmall);
  const f = mantissaMinusOne(shifted);
  // f is cut to 12 bits, as the high part of the unit is, so the product of the two is exact.
  const top = v128.and(f, i32x4.splat(0xfffff000));
  const rest = f32x4.sub(f32x4.sub(f, top), shortfall(f));
  let y = f32x4.mul(rest, f32x4.splat(unitHigh + unitLow));
  y = madd(top, f32x4.splat(unitLow), y);
  y = madd(e, f32x4.splat(low), y);
  y = madd(top, f32x4.splat(unitHigh), y);
  return withEdges(x, madd(e, f32x4.splat(high), y));
}

/** log₂ x. Error at most 1.5 ulp; exact at powers of two. */
// @ts-ignore: decorator
@inline
export function log2(x: v128): v128 {
  return logOfBase(x, 1.4423828125, 3.12228388963387e-4, 1, 0);
}

/** log₁₀ x. Error at most 1 ulp. */
// @ts-ignore: decorator
@inline
export function log10(x: v128): v128 {
  return logOfBase(x, 0.4342041015625, 9.038034075181667e-5, 0.301025390625, 4.6050389811980175e-6);
}

/** log(1 + x) for x in [0, 1]. Error at most 2 ulp: a first-order term corrects the rounding of 1 + x. */
// @ts-ignore: decorator
@inline
export function log1pOfUnit(x: v128): v128 {
  const u = f32x4.add(x, lanes(ONE));
  const lost = f32x4.sub(x, f32x4.sub(u, lanes(ONE)));
  const shifted = shiftedBits(u);
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  const f = mantissaMinusOne(shifted);
  const correction = f32x4.div(lost, u);
  const low = f32x4.add(madd(e, lanes(LN2_LOW), f32x4.neg(shortfall(f))), correction);
  return madd(e, lanes(LN2_HIGH), f32x4.add(f, low));
}
