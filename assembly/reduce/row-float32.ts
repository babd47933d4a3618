/** Reductions of one contiguous float32 row. A lane sums at most 64 terms in float32; float64 sums these sums. */

/** Elements of a row that are summed in float32 before the sum is added in float64: 64 in each of 16 lanes. */
const BLOCK: usize = 1024;

/** The sum of the four lanes, in float64. */
// @ts-ignore: decorator
@inline
export function sumOfLanes(v: v128): f64 {
  const pair = f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 0, 1)));
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** Σ x[i] for i < n. Four accumulators hide the latency of addition. */
export function sumOfRow(x: usize, n: usize): f64 {
  let total: f64 = 0;
  const end = x + (n << 2);
  while (x + 64 <= end) {
    const blockEnd = min(x + (BLOCK << 2), end) - 63;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    while (x < blockEnd) {
      s0 = f32x4.add(s0, v128.load(x));
      s1 = f32x4.add(s1, v128.load(x, 16));
      s2 = f32x4.add(s2, v128.load(x, 32));
      s3 = f32x4.add(s3, v128.load(x, 48));
      x += 64;
    }
    total += sumOfLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  }
  while (x + 16 <= end) {
    total += sumOfLanes(v128.load(x));
    x += 16;
  }
  while (x < end) {
    total += <f64>load<f32>(x);
    x += 4;
  }
  return total;
}

/** The maximum of two vectors in each lane; NaN if either is NaN. */
@final
export class Max {
  // @ts-ignore: decorator
  @inline
  lanes(a: v128, b: v128): v128 {
    return f32x4.max(a, b);
  }

  /** The maximum of numbers, in one instruction where `lanes` takes several. Ignores NaN. */
  // @ts-ignore: decorator
  @inline
  numbers(a: v128, b: v128): v128 {
    return f32x4.pmax(a, b);
  }

  // @ts-ignore: decorator
  @inline
  scalars(a: f32, b: f32): f32 {
    return max(a, b);
  }
}

/** The minimum of two vectors in each lane; NaN if either is NaN. */
@final
export class Min {
  // @ts-ignore: decorator
  @inline
  lanes(a: v128, b: v128): v128 {
    return f32x4.min(a, b);
  }

  /** The minimum of numbers. Ignores NaN. */
  // @ts-ignore: decorator
  @inline
  numbers(a: v128, b: v128): v128 {
    return f32x4.pmin(a, b);
  }

  // @ts-ignore: decorator
  @inline
  scalars(a: f32, b: f32): f32 {
    return min(a, b);
  }
}

/** The extreme of x[0 … n), n > 0. */
export function extremeOfRow<Op>(x: usize, n: usize): f32 {
  const op = changetype<Op>(0);
  const end = x + (n << 2);
  let m0 = v128.load32_splat(x);
  let m1 = m0;
  let m2 = m0;
  let m3 = m0;
  // The loop notes whether a NaN came by; if so, the result becomes NaN.
  let equal = f32x4.eq(m0, m0);
  while (x + 64 <= end) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    const c = v128.load(x, 32);
    const d = v128.load(x, 48);
    m0 = op.numbers(m0, a);
    m1 = op.numbers(m1, b);
    m2 = op.numbers(m2, c);
    m3 = op.numbers(m3, d);
    equal = v128.and(equal, v128.and(f32x4.eq(a, a), f32x4.eq(b, b)));
    equal = v128.and(equal, v128.and(f32x4.eq(c, c), f32x4.eq(d, d)));
    x += 64;
  }
  m0 = op.lanes(op.lanes(m0, m1), op.lanes(m2, m3));
  m0 = v128.bitselect(m0, f32x4.splat(NaN), equal);
  m0 = op.lanes(m0, v128.shuffle<i32>(m0, m0, 2, 3, 0, 1));
  let result = op.scalars(f32x4.extract_lane(m0, 0), f32x4.extract_lane(m0, 1));
  while (x < end) {
    result = op.scalars(result, load<f32>(x));
    x += 4;
  }
  return result;
}
