/**
 * Sums and extremes of float32 over any axes. The host sorts the axes into kept and reduced ones. The kind of the innermost axis
 * says which of two kernels it calls:
 *
 *     rows      x  | r r r r r r r r |  → one number for each row; the rows of one output are combined
 *     columns   x  | k k k k k k k k |  → strips of 16 columns stay in registers while the rows go by
 *                  | k k k k k k k k |
 *
 * `kept` counts the outputs, `reduced` counts the rows of one output; operand 0 of both is x.
 */
import { advance, Odometer } from '../simd/odometer';
import { storeFirst } from '../simd/partial';
import { ReduceOp } from '../generated/ops';
import { extremeOfRow, Max, Min, sumOfRow } from './row-float32';

/** Rows of a strip that are summed in float32 before the sums are added in float64. */
const ROWS_PER_BLOCK = 64;

function sumRows(x: usize, out: usize, kept: Odometer, reduced: Odometer): void {
  const n = <usize>reduced.inner;
  while (true) {
    let total: f64 = 0;
    let row = x;
    while (true) {
      total += sumOfRow(row, n);
      const axis = advance(reduced);
      if (axis === null) break;
      row += axis.jump0;
    }
    store<f32>(out, <f32>total);
    out += 4;
    const axis = advance(kept);
    if (axis === null) return;
    x += axis.jump0;
  }
}

function extremeRows<Op>(x: usize, out: usize, kept: Odometer, reduced: Odometer): void {
  const op = changetype<Op>(0);
  const n = <usize>reduced.inner;
  while (true) {
    let extreme = load<f32>(x);
    let row = x;
    while (true) {
      extreme = op.scalars(extreme, extremeOfRow<Op>(row, n));
      const axis = advance(reduced);
      if (axis === null) break;
      row += axis.jump0;
    }
    store<f32>(out, extreme);
    out += 4;
    const axis = advance(kept);
    if (axis === null) return;
    x += axis.jump0;
  }
}

/** out = op over rows: the innermost axis is reduced and contiguous. */
export function reduceRowsF32(op: ReduceOp, x: usize, out: usize, kept: Odometer, reduced: Odometer): void {
  switch (op) {
    case ReduceOp.Sum:
      return sumRows(x, out, kept, reduced);
    case ReduceOp.Max:
      return extremeRows<Max>(x, out, kept, reduced);
    default:
      extremeRows<Min>(x, out, kept, reduced);
  }
}

/** Sums of 16 neighbouring columns. */
function sumStrip16(x: usize, out: usize, reduced: Odometer): void {
  const step = <usize>reduced.step;
  const zero = f32x4.splat(0);
  let d0 = zero;
  let d1 = zero;
  let d2 = zero;
  let d3 = zero;
  let d4 = zero;
  let d5 = zero;
  let d6 = zero;
  let d7 = zero;
  while (true) {
    let left = reduced.inner;
    let row = x;
    while (left > 0) {
      let s0 = zero;
      let s1 = zero;
      let s2 = zero;
      let s3 = zero;
      for (let i = min(left, ROWS_PER_BLOCK); i > 0; i--) {
        s0 = f32x4.add(s0, v128.load(row));
        s1 = f32x4.add(s1, v128.load(row, 16));
        s2 = f32x4.add(s2, v128.load(row, 32));
        s3 = f32x4.add(s3, v128.load(row, 48));
        row += step;
      }
      left -= ROWS_PER_BLOCK;
      d0 = f64x2.add(d0, f64x2.promote_low_f32x4(s0));
      d1 = f64x2.add(d1, upperHalf(s0));
      d2 = f64x2.add(d2, f64x2.promote_low_f32x4(s1));
      d3 = f64x2.add(d3, upperHalf(s1));
      d4 = f64x2.add(d4, f64x2.promote_low_f32x4(s2));
      d5 = f64x2.add(d5, upperHalf(s2));
      d6 = f64x2.add(d6, f64x2.promote_low_f32x4(s3));
      d7 = f64x2.add(d7, upperHalf(s3));
    }
    const axis = advance(reduced);
    if (axis === null) break;
    x += axis.jump0;
  }
  v128.store(out, demoted(d0, d1));
  v128.store(out, demoted(d2, d3), 16);
  v128.store(out, demoted(d4, d5), 32);
  v128.store(out, demoted(d6, d7), 48);
}

/** Sums of up to four columns. */
function sumStrip4(x: usize, out: usize, columns: i32, reduced: Odometer): void {
  const step = <usize>reduced.step;
  let low = f64x2.splat(0);
  let high = low;
  while (true) {
    let row = x;
    for (let i = reduced.inner; i > 0; i--) {
      const v = v128.load(row);
      low = f64x2.add(low, f64x2.promote_low_f32x4(v));
      high = f64x2.add(high, upperHalf(v));
      row += step;
    }
    const axis = advance(reduced);
    if (axis === null) break;
    x += axis.jump0;
  }
  storeFirst(out, demoted(low, high), columns);
}

// @ts-ignore: decorator
@inline
function upperHalf(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 0, 1));
}

// @ts-ignore: decorator
@inline
function demoted(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** Extremes of up to 16 neighbouring columns; if there are fewer, some lanes are unused. */
function extremeStrip<Op>(x: usize, out: usize, columns: i32, reduced: Odometer): void {
  const op = changetype<Op>(0);
  const step = <usize>reduced.step;
  let m0 = v128.load(x);
  let m1 = v128.load(x, 16);
  let m2 = v128.load(x, 32);
  let m3 = v128.load(x, 48);
  while (true) {
    let row = x;
    for (let i = reduced.inner; i > 0; i--) {
      m0 = op.lanes(m0, v128.load(row));
      m1 = op.lanes(m1, v128.load(row, 16));
      m2 = op.lanes(m2, v128.load(row, 32));
      m3 = op.lanes(m3, v128.load(row, 48));
      row += step;
    }
    const axis = advance(reduced);
    if (axis === null) break;
    x += axis.jump0;
  }
  storeFirst(out, m0, columns);
  if (columns > 4) storeFirst(out + 16, m1, columns - 4);
  if (columns > 8) storeFirst(out + 32, m2, columns - 8);
  if (columns > 12) storeFirst(out + 48, m3, columns - 12);
}

/** out = op over columns: the innermost axis is kept and contiguous. `reduced.step` is the distance of rows, in bytes. */
export function reduceColumnsF32(op: ReduceOp, x: usize, out: usize, kept: Odometer, reduced: Odometer): void {
  const n = kept.inner;
  while (true) {
    let column = 0;
    while (column < n) {
      const from = x + ((<usize>column) << 2);
      const to = out + ((<usize>column) << 2);
      const left = n - column;
      let width = 16;
      switch (op) {
        case ReduceOp.Sum:
          if (left >= 16) {
            sumStrip16(from, to, reduced);
          } else {
            sumStrip4(from, to, left, reduced);
            width = 4;
          }
          break;
        case ReduceOp.Max:
          extremeStrip<Max>(from, to, left, reduced);
          break;
        default:
          extremeStrip<Min>(from, to, left, reduced);
      }
      column += width;
    }
    out += (<usize>n) << 2;
    const axis = advance(kept);
    if (axis === null) return;
    x += axis.jump0;
  }
}
