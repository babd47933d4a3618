/**
 * Kernels that walk along one axis in order: positions of extremes, running sums and products. x is (outer, n, inner), and a lane
 * is n elements along the axis, `inner` elements apart.
 */
import { DType } from '../dtype';
import { storeFirst } from '../simd/partial';
import { extremeOfRow, Max, Min } from './row-float32';

/** The position of the first extreme in a lane of n > 0 elements. A NaN is an extreme. */
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

/** The position of the first extreme in a row of n > 0 float32: a first pass finds the extreme, a second its position. */
function positionInRow(x: usize, n: i32, isMax: bool): i32 {
  const best = isMax ? extremeOfRow<Max>(x, n) : extremeOfRow<Min>(x, n);
  const bests = f32x4.splat(best);
  const isNaN = best != best;
  for (let i = 0; i < n; i += 4) {
    const v = v128.load(x + ((<usize>i) << 2));
    const found = i32x4.bitmask(isNaN ? f32x4.ne(v, v) : f32x4.eq(v, bests));
    if (found) return i + ctz(found);
  }
  return 0;
}

/** The positions for four lanes side by side, of which `lanes` are stored. */
// @ts-ignore: decorator
@inline
function positionsOfFour(x: usize, n: i32, step: usize, isMax: bool, out: usize, lanes: i32): void {
  let best = v128.load(x);
  let places = i32x4.splat(0);
  for (let i = 1; i < n; i++) {
    x += step;
    const v = v128.load(x);
    // Larger, or the first NaN.
    const isNoBetter = isMax ? f32x4.le(v, best) : f32x4.ge(v, best);
    const wins = v128.andnot(f32x4.eq(best, best), isNoBetter);
    best = v128.bitselect(v, best, wins);
    places = v128.bitselect(i32x4.splat(i), places, wins);
  }
  storeFirst(out, places, lanes);
}

/** {@link argReduce} of float32. */
function argReduceF32(x: usize, out: usize, outer: i32, n: i32, inner: i32, isMax: bool): void {
  const step = (<usize>inner) << 2;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      store<i32>(out, positionInRow(x, n, isMax));
    } else {
      for (let i = 0; i < inner; i += 4) {
        const at = (<usize>i) << 2;
        if (isMax) positionsOfFour(x + at, n, step, true, out + at, inner - i);
        else positionsOfFour(x + at, n, step, false, out + at, inner - i);
      }
    }
    x += step * n;
    out += step;
  }
}

/** out (outer, inner) int32: the position of the first maximum, or minimum, of each lane. */
export function argExtreme(type: DType, isMax: bool, x: usize, out: usize, outer: i32, n: i32, inner: i32): void {
  switch (type) {
    case DType.Float32:
      return argReduceF32(x, out, outer, n, inner, isMax);
    case DType.Float64:
      return argReduce<f64>(x, out, outer, n, inner, isMax);
    case DType.Int32:
      return argReduce<i32>(x, out, outer, n, inner, isMax);
    default:
      argReduce<u8>(x, out, outer, n, inner, isMax);
  }
}

/** Running sums or products of elements of type T, accumulated in type A. */
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
