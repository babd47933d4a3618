/**
 * Products with a vector: every element of the matrix is used once, so nothing is packed and memory is the limit. Two
 * kernels serve all four cases, because a row times a matrix is the transposed matrix times a column:
 *
 *     dots    out[r] = row r · v        rows that lie along the sum; four of them at a time share the loads of v
 *     blend   out   += v[k] · row k     rows that lie across it; 48 columns stay in twelve registers
 *
 * and one more takes a row times packed panels of eight columns, expanding those that are kept smaller.
 */
import { madd } from '../simd/madd';
import { storeLanes } from '../simd/partial';
import { bytesOf, Format, fourHalves, highFloats, lowFloats } from './format';
import { sumOfLanes } from '../reduce/row-float32';

/** row · v over k elements. */
function dot(row: usize, v: usize, k: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  const end = row + (<usize>k << 2);
  while (row + 32 <= end) {
    s0 = madd(v128.load(row), v128.load(v), s0);
    s1 = madd(v128.load(row, 16), v128.load(v, 16), s1);
    row += 32;
    v += 32;
  }
  let sum = <f32>sumOfLanes(f32x4.add(s0, s1));
  while (row < end) {
    sum += load<f32>(row) * load<f32>(v);
    row += 4;
    v += 4;
  }
  return sum;
}

/** Four dot products at once, in the lanes of one vector. */
function fourDots(row: usize, step: usize, v: usize, k: i32): v128 {
  const r1 = row + step;
  const r2 = r1 + step;
  const r3 = r2 + step;
  const zero = f32x4.splat(0);
  let s0 = zero;
  let s1 = zero;
  let s2 = zero;
  let s3 = zero;
  let t0 = zero;
  let t1 = zero;
  let t2 = zero;
  let t3 = zero;
  let i: usize = 0;
  const body = <usize>(k & ~7) << 2;
  for (; i < body; i += 32) {
    const v0 = v128.load(v + i);
    const v1 = v128.load(v + i, 16);
    s0 = madd(v128.load(row + i), v0, s0);
    t0 = madd(v128.load(row + i, 16), v1, t0);
    s1 = madd(v128.load(r1 + i), v0, s1);
    t1 = madd(v128.load(r1 + i, 16), v1, t1);
    s2 = madd(v128.load(r2 + i), v0, s2);
    t2 = madd(v128.load(r2 + i, 16), v1, t2);
    s3 = madd(v128.load(r3 + i), v0, s3);
    t3 = madd(v128.load(r3 + i, 16), v1, t3);
  }
  let sums = f32x4(
    <f32>sumOfLanes(f32x4.add(s0, t0)),
    <f32>sumOfLanes(f32x4.add(s1, t1)),
    <f32>sumOfLanes(f32x4.add(s2, t2)),
    <f32>sumOfLanes(f32x4.add(s3, t3)),
  );
  for (const end = <usize>k << 2; i < end; i += 4) {
    const column = f32x4(load<f32>(row + i), load<f32>(r1 + i), load<f32>(r2 + i), load<f32>(r3 + i));
    sums = madd(column, v128.load32_splat(v + i), sums);
  }
  return sums;
}

/** out[r] = row r · v + init[r] for rows `step` bytes apart; initStep is 4, or 0 to begin all rows with one number. */
export function dots(
  row: usize,
  step: usize,
  rows: i32,
  v: usize,
  k: i32,
  init: usize,
  initStep: usize,
  out: usize,
): void {
  const end = out + (<usize>rows << 2);
  while (out + 16 <= end) {
    const first = initStep ? v128.load(init) : v128.load32_splat(init);
    v128.store(out, f32x4.add(first, fourDots(row, step, v, k)));
    row += 4 * step;
    init += 4 * initStep;
    out += 16;
  }
  while (out < end) {
    store<f32>(out, load<f32>(init) + dot(row, v, k));
    row += step;
    init += initStep;
    out += 4;
  }
}

/** 48 columns of {@link blend}. */
function blend48(row: usize, step: usize, v: usize, k: i32, init: usize, out: usize): void {
  let s0 = v128.load(init);
  let s1 = v128.load(init, 16);
  let s2 = v128.load(init, 32);
  let s3 = v128.load(init, 48);
  let s4 = v128.load(init, 64);
  let s5 = v128.load(init, 80);
  let s6 = v128.load(init, 96);
  let s7 = v128.load(init, 112);
  let s8 = v128.load(init, 128);
  let s9 = v128.load(init, 144);
  let sa = v128.load(init, 160);
  let sb = v128.load(init, 176);
  for (; k > 0; k--) {
    const factor = v128.load32_splat(v);
    s0 = madd(factor, v128.load(row), s0);
    s1 = madd(factor, v128.load(row, 16), s1);
    s2 = madd(factor, v128.load(row, 32), s2);
    s3 = madd(factor, v128.load(row, 48), s3);
    s4 = madd(factor, v128.load(row, 64), s4);
    s5 = madd(factor, v128.load(row, 80), s5);
    s6 = madd(factor, v128.load(row, 96), s6);
    s7 = madd(factor, v128.load(row, 112), s7);
    s8 = madd(factor, v128.load(row, 128), s8);
    s9 = madd(factor, v128.load(row, 144), s9);
    sa = madd(factor, v128.load(row, 160), sa);
    sb = madd(factor, v128.load(row, 176), sb);
    row += step;
    v += 4;
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  v128.store(out, s4, 64);
  v128.store(out, s5, 80);
  v128.store(out, s6, 96);
  v128.store(out, s7, 112);
  v128.store(out, s8, 128);
  v128.store(out, s9, 144);
  v128.store(out, sa, 160);
  v128.store(out, sb, 176);
}

/** Up to four columns of {@link blend}. */
function blend4(row: usize, step: usize, v: usize, k: i32, init: v128, out: usize, columns: i32): void {
  let sum = init;
  for (; k > 0; k--) {
    sum = madd(v128.load32_splat(v), v128.load(row), sum);
    row += step;
    v += 4;
  }
  if (columns >= 4) v128.store(out, sum);
  else storeLanes(out, sum, columns);
}

/** out[c] = init[c] + Σ v[k]·row k [c] for rows `step` bytes apart; no `init` (0) is zeros. */
export function blend(row: usize, step: usize, columns: i32, v: usize, k: i32, init: usize, out: usize): void {
  let left = columns;
  if (!init) {
    memory.fill(out, 0, <usize>columns << 2);
    init = out;
  }
  for (; left >= 48; left -= 48) {
    blend48(row, step, v, k, init, out);
    row += 192;
    init += 192;
    out += 192;
  }
  for (; left > 0; left -= 4) {
    blend4(row, step, v, k, v128.load(init), out, left);
    row += 16;
    init += 16;
    out += 16;
  }
}

/** The first and the second four of eight packed elements. Of int8 without their scales. */
// @ts-ignore: decorator
@inline
function lowOf(format: Format, at: usize): v128 {
  if (format == Format.Int8) return lowFloats(v128.load_ext<i8>(at));
  return format == Format.Float16 ? fourHalves(at) : v128.load(at);
}

// @ts-ignore: decorator
@inline
function highOf(format: Format, at: usize): v128 {
  if (format == Format.Int8) return highFloats(v128.load_ext<i8>(at));
  return format == Format.Float16 ? fourHalves(at + 8) : v128.load(at, 16);
}

/** v · panel, eight columns; `format` is a literal at every call. Four sums for each hide what an addition takes. */
// @ts-ignore: decorator
@inline
function panelProduct(format: Format, v: usize, k: i32, panel: usize, scales: usize, init: usize, out: usize): void {
  const step = <usize>8 * bytesOf(format);
  const zero = f32x4.splat(0);
  let low0 = zero;
  let low1 = zero;
  let low2 = zero;
  let low3 = zero;
  let high0 = zero;
  let high1 = zero;
  let high2 = zero;
  let high3 = zero;
  for (; k >= 4; k -= 4) {
    const v0 = v128.load32_splat(v);
    low0 = madd(v0, lowOf(format, panel), low0);
    high0 = madd(v0, highOf(format, panel), high0);
    const v1 = v128.load32_splat(v, 4);
    low1 = madd(v1, lowOf(format, panel + step), low1);
    high1 = madd(v1, highOf(format, panel + step), high1);
    const v2 = v128.load32_splat(v, 8);
    low2 = madd(v2, lowOf(format, panel + 2 * step), low2);
    high2 = madd(v2, highOf(format, panel + 2 * step), high2);
    const v3 = v128.load32_splat(v, 12);
    low3 = madd(v3, lowOf(format, panel + 3 * step), low3);
    high3 = madd(v3, highOf(format, panel + 3 * step), high3);
    panel += 4 * step;
    v += 16;
  }
  for (; k > 0; k--) {
    const v0 = v128.load32_splat(v);
    low0 = madd(v0, lowOf(format, panel), low0);
    high0 = madd(v0, highOf(format, panel), high0);
    panel += step;
    v += 4;
  }
  let low = f32x4.add(f32x4.add(low0, low1), f32x4.add(low2, low3));
  let high = f32x4.add(f32x4.add(high0, high1), f32x4.add(high2, high3));
  if (format == Format.Int8) {
    low = f32x4.mul(low, v128.load(scales));
    high = f32x4.mul(high, v128.load(scales, 16));
  }
  v128.store(out, f32x4.add(low, v128.load(init)));
  v128.store(out, f32x4.add(high, v128.load(init, 16)), 16);
}

/**
 * out[c] = bias[c] + v · column c, for columns in packed panels of eight; no bias (0) is zeros. `spare` is room for the
 * eight results of the last panel, which may have fewer columns; `zeros` are 32 bytes of them.
 */
export function multiplyPanels(
  format: Format,
  panel: usize,
  scales: usize,
  columns: i32,
  v: usize,
  k: i32,
  bias: usize,
  zeros: usize,
  spare: usize,
  out: usize,
): void {
  const panelBytes = <usize>k * 8 * bytesOf(format);
  let init = bias || zeros;
  for (let left = columns; left > 0; left -= 8) {
    const to = left >= 8 ? out : spare;
    if (format == Format.Int8) panelProduct(Format.Int8, v, k, panel, scales, init, to);
    else if (format == Format.Float16) panelProduct(Format.Float16, v, k, panel, scales, init, to);
    else panelProduct(Format.Float32, v, k, panel, scales, init, to);
    if (left < 8) {
      if (left >= 4) v128.store(out, v128.load(spare));
      const rest = <usize>(left & 4) << 2;
      storeLanes(out + rest, v128.load(spare + rest), left & 3);
    }
    panel += panelBytes;
    scales += 32;
    out += 32;
    if (bias) init += 32;
  }
}
