/** The S-shaped functions of four float32 at once, and softplus, their integral. */
import { madd } from '../simd/madd';
import { exp } from './exp';
import { log1pOfUnit } from './log';

/** 1/(1 + e⁻ˣ); at most 2.5 ulp. From e^(−|x|), which never overflows, so that tiny results keep their digits. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const numerator = v128.bitselect(e, f32x4.splat(1), f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(e, f32x4.splat(1)));
}

/**
 * tanh x; at most 1.5 ulp. Below 0.625 an odd polynomial (weighted minimax, relative error 4.4e-9), because
 * 1 − 2/(e²ˣ + 1) cancels there; above it that formula.
 */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const e = exp(f32x4.add(magnitude, magnitude));
  const large = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  const z = f32x4.mul(x, x);
  let q = f32x4.splat(-0.005704978480935097);
  q = madd(q, z, f32x4.splat(0.020639078691601753));
  q = madd(q, z, f32x4.splat(-0.05373971164226532));
  q = madd(q, z, f32x4.splat(0.13331441581249237));
  q = madd(q, z, f32x4.splat(-0.3333328068256378));
  const small = madd(f32x4.mul(q, z), x, x);
  const signed = v128.or(large, v128.and(x, f32x4.splat(-0.0)));
  return v128.bitselect(small, signed, f32x4.lt(magnitude, f32x4.splat(0.625)));
}

/** log(1 + eˣ) = max(x, 0) + log(1 + e^(−|x|)); at most 2 ulp; no overflow. */
// @ts-ignore: decorator
@inline
export function softplus(x: v128): v128 {
  const e = exp(f32x4.neg(f32x4.abs(x)));
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), log1pOfUnit(e));
}
