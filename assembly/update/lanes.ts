/** Arithmetic on vectors of four float32 or two float64, as T says, in which the update rules are written. */
import { madd as madd32 } from '../simd/madd';
import { storeLanes } from '../simd/partial';

/** Elements of a vector. */
// @ts-ignore: decorator
@inline
export function lanes<T>(): i32 {
  return <i32>(16 / sizeof<T>());
}

/** The k-th hyperparameter, a float64 in memory. */
// @ts-ignore: decorator
@inline
export function hyper(at: usize, k: usize): f64 {
  return load<f64>(at + (k << 3));
}

// @ts-ignore: decorator
@inline
export function splat<T>(value: f64): v128 {
  return v128.splat<T>(<T>value);
}

/** a·b + c */
// @ts-ignore: decorator
@inline
export function madd<T>(a: v128, b: v128, c: v128): v128 {
  return sizeof<T>() == 4 ? madd32(a, b, c) : f64x2.add(c, f64x2.mul(a, b));
}

// @ts-ignore: decorator
@inline
export function square<T>(x: v128): v128 {
  return v128.mul<T>(x, x);
}

/** from + rate·(to − from): a step of an exponential mean. */
// @ts-ignore: decorator
@inline
export function towards<T>(from: v128, to: v128, rate: v128): v128 {
  return madd<T>(rate, v128.sub<T>(to, from), from);
}

/** Stores a vector, or its first `left` elements if fewer are left. */
// @ts-ignore: decorator
@inline
export function storeLeft<T>(to: usize, value: v128, left: i32): void {
  if (left >= lanes<T>()) v128.store(to, value);
  else if (sizeof<T>() == 4) storeLanes(to, value, left);
  else v128.store64_lane(to, value, 0);
}
