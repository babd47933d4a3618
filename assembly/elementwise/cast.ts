/**
 * Changes the dtype. Floats are cut toward zero. A float beyond int32 saturates and NaN becomes 0, where C leaves the result
 * undefined. uint8 takes the low byte. A bool is true if the element is not zero.
 */
import { DType } from '../dtype';

/** Converts one element. AssemblyScript's cast from a float to i32 is wasm's saturating truncation. */
// @ts-ignore: decorator
@inline
function convert<From, To>(value: From): To {
  if (isFloat<From>() && !isFloat<To>()) return <To>(<i32>value);
  return <To>value;
}

function cast<From, To>(x: usize, out: usize, n: usize): void {
  for (let i: usize = 0; i < n; i++) {
    store<To>(out + i * sizeof<To>(), convert<From, To>(load<From>(x + i * sizeof<From>())));
  }
}

function toTruth<From>(x: usize, out: usize, n: usize): void {
  for (let i: usize = 0; i < n; i++) store<u8>(out + i, <u8>(load<From>(x + i * sizeof<From>()) != <From>0));
}

// @ts-ignore: decorator
@inline
function castFrom<From>(to: DType, x: usize, out: usize, n: usize): void {
  switch (to) {
    case DType.Float32:
      return cast<From, f32>(x, out, n);
    case DType.Float64:
      return cast<From, f64>(x, out, n);
    case DType.Int32:
      return cast<From, i32>(x, out, n);
    case DType.Uint8:
      return cast<From, u8>(x, out, n);
    default:
      toTruth<From>(x, out, n);
  }
}

/** out[i] = x[i] in another dtype, for i < n. */
export function castTo(from: DType, to: DType, x: usize, out: usize, n: usize): void {
  switch (from) {
    case DType.Float32:
      return castFrom<f32>(to, x, out, n);
    case DType.Float64:
      return castFrom<f64>(to, x, out, n);
    case DType.Int32:
      return castFrom<i32>(to, x, out, n);
    default:
      castFrom<u8>(to, x, out, n);
  }
}
