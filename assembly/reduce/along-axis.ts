/**
 * What looks at one axis in order: positions of extremes, running sums and products. x is (outer, n, inner); a lane is
 * the n elements at a distance of `inner`.
 */
import { DType } from '../dtype';

/** The first extreme's position in a lane of n > 0 elements; a NaN is the extreme. */
// @ts-ignore: decorator
@inline
function positionOfExtreme<T>(x: usize, n: i32, step: usize, isMax: bool): i32 {
  let best = load<T>(x);
  let position = 0;
  if (isFloat<T>() && best != best) return 0;
  for (let i = 1; i < n; i++) {
    x += step;
    const value = load<T>(x);
    if (isFloat<T>() && value != value) return i;
    if (isMax ? value > best : value < best) {
      best = value;
      position = i;
    }
  }
  return position;
}

function argReduce<T>(x: usize, out: usize, outer: i32, n: i32, inner: i32, isMax: bool): void {
  const step = <usize>inner * sizeof<T>();
  for (let o = 0; o < outer; o++) {
    for (let i: usize = 0; i < step; i += sizeof<T>()) {
      store<i32>(out, positionOfExtreme<T>(x + i, n, step, isMax));
      out += 4;
    }
    x += step * n;
  }
}

/** out (outer, inner) int32: the position of the first maximum, or minimum, of each lane. */
export function argExtreme(type: DType, isMax: bool, x: usize, out: usize, outer: i32, n: i32, inner: i32): void {
  switch (type) {
    case DType.Float32:
      return argReduce<f32>(x, out, outer, n, inner, isMax);
    case DType.Float64:
      return argReduce<f64>(x, out, outer, n, inner, isMax);
    case DType.Int32:
      return argReduce<i32>(x, out, outer, n, inner, isMax);
    default:
      argReduce<u8>(x, out, outer, n, inner, isMax);
  }
}

/** Elements of T, accumulated in A. */
function accumulate<T, A>(x: usize, out: usize, outer: i32, n: i32, inner: i32, isProduct: bool): void {
  const step = <usize>inner * sizeof<T>();
  for (let o = 0; o < outer; o++) {
    for (let i: usize = 0; i < step; i += sizeof<T>()) {
      let total: A = isProduct ? <A>1 : <A>0;
      let at = i;
      for (let k = 0; k < n; k++) {
        const value = <A>load<T>(x + at);
        total = isProduct ? <A>(total * value) : <A>(total + value);
        store<T>(out + at, <T>total);
        at += step;
      }
    }
    x += step * n;
    out += step * n;
  }
}

/** out (outer, n, inner): running sums, or products, of each lane. */
export function cumulate(type: DType, isProduct: bool, x: usize, out: usize, outer: i32, n: i32, inner: i32): void {
  switch (type) {
    case DType.Float32:
      return accumulate<f32, f64>(x, out, outer, n, inner, isProduct);
    case DType.Float64:
      return accumulate<f64, f64>(x, out, outer, n, inner, isProduct);
    case DType.Int32:
      return accumulate<i32, i32>(x, out, outer, n, inner, isProduct);
    default:
      accumulate<u8, i32>(x, out, outer, n, inner, isProduct);
  }
}
