/** Sigmoid, tanh and softplus of four float32 at once, and the sigmoid of one float64. */
import { lanes, lanesOf } from '../simd/constant';
import { madd } from '../simd/madd';
import { exp, expNear, isFar, magnitude } from './exp';
import { exp as exp64 } from './host';
import { log1pOfUnit } from './log';

const ONE = memory.data<f32>([1]);
const TWO = memory.data<f32>([2]);
const SIGN = memory.data<f32>([-0.0]);

/** tanh x = x + x³·Q(x²) below the limit, the highest power first; weighted minimax, relative error 4.4e-9. */
const TANH = memory.data<f32>([
  -0.005704978480935097, 0.020639078691601753, -0.05373971164226532, 0.13331441581249237, -0.3333328068256378,
]);
const TANH_LIMIT = memory.data<f32>([0.625]);

/** e^(−|x|), which never overflows. */
// @ts-ignore: decorator
@inline
function decay(x: v128): v128 {
  return exp(v128.or(x, lanes(SIGN)));
}

/** {@link sigmoid} of any x, from e^(−|x|), so that tiny results keep their digits. */
function sigmoidFar(x: v128): v128 {
  const e = decay(x);
  const numerator = v128.bitselect(e, lanes(ONE), f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(e, lanes(ONE)));
}

/** 1/(1 + e⁻ˣ). Error at most 2.5 ulp, also of subnormal results. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  if (isFar(x)) return sigmoidFar(x);
  return f32x4.div(lanes(ONE), f32x4.add(expNear(v128.xor(x, lanes(SIGN))), lanes(ONE)));
}

/** tanh x. Error at most 1.5 ulp. 1 − 2/(e²ˣ + 1) cancels for small x, which therefore take a polynomial. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let q = madd(lanesOf(TANH, 0), z, lanesOf(TANH, 1));
  q = madd(q, z, lanesOf(TANH, 2));
  q = madd(q, z, lanesOf(TANH, 3));
  q = madd(q, z, lanesOf(TANH, 4));
  const small = madd(f32x4.mul(q, z), x, x);
  const size = magnitude(x);
  const e = exp(f32x4.add(size, size));
  const large = f32x4.sub(lanes(ONE), f32x4.div(lanes(TWO), f32x4.add(e, lanes(ONE))));
  const signed = v128.or(large, v128.and(x, lanes(SIGN)));
  return v128.bitselect(small, signed, f32x4.lt(size, lanes(TANH_LIMIT)));
}

/** log(1 + eˣ) = max(x, 0) + log(1 + e^(−|x|)). Error at most 2 ulp; no overflow. */
// @ts-ignore: decorator
@inline
export function softplus(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), log1pOfUnit(decay(x)));
}

/** 1/(1 + e⁻ˣ) without overflow. */
export function sigmoid64(x: f64): f64 {
  const e = exp64(-abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}
