/**
 * Products with a vector: every element of the matrix is used once, so nothing is packed and memory is the limit. Two
 * kernels serve all four cases, because a row times a matrix is the transposed matrix times a column:
 *
 *     dots    out[r] = row r · v        rows that lie along the sum; four of them at a time share the loads of v
 *     blend   out   += v[k] · row k     rows that lie across it; eight of them at a time share what is read and written of out
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

/** Columns of the sums of {@link blend} that stay in the first cache while rows pass by. */
const STRIP: i32 = 2048;

/** out[c] += Σ v[k]·row k [c] for eight rows: as many streams as memory's prefetching follows. */
function blendEight(row: usize, step: usize, columns: i32, v: usize, out: usize): void {
  const v0 = v128.load32_splat(v);
  const v1 = v128.load32_splat(v, 4);
  const v2 = v128.load32_splat(v, 8);
  const v3 = v128.load32_splat(v, 12);
  const v4 = v128.load32_splat(v, 16);
  const v5 = v128.load32_splat(v, 20);
  const v6 = v128.load32_splat(v, 24);
  const v7 = v128.load32_splat(v, 28);
  for (; columns > 0; columns -= 4) {
    const r4 = row + 4 * step;
    let even = madd(v0, v128.load(row), v128.load(out));
    let odd = f32x4.mul(v1, v128.load(row + step));
    even = madd(v2, v128.load(row + 2 * step), even);
    odd = madd(v3, v128.load(row + 3 * step), odd);
    even = madd(v4, v128.load(r4), even);
    odd = madd(v5, v128.load(r4 + step), odd);
    even = madd(v6, v128.load(r4 + 2 * step), even);
    odd = madd(v7, v128.load(r4 + 3 * step), odd);
    const sum = f32x4.add(even, odd);
    if (columns >= 4) v128.store(out, sum);
    else storeLanes(out, sum, columns);
    row += 16;
    out += 16;
  }
}

/** out[c] += v·row[c]. */
function blendOne(row: usize, columns: i32, v: usize, out: usize): void {
  const factor = v128.load32_splat(v);
  for (; columns > 0; columns -= 4) {
    const sum = madd(factor, v128.load(row), v128.load(out));
    if (columns >= 4) v128.store(out, sum);
    else storeLanes(out, sum, columns);
    row += 16;
    out += 16;
  }
}

/** out[c] = init[c] + Σ v[k]·row k [c] for rows `step` bytes apart; no `init` (0) is zeros. */
export function blend(row: usize, step: usize, columns: i32, v: usize, k: i32, init: usize, out: usize): void {
  if (init) memory.copy(out, init, <usize>columns << 2);
  else memory.fill(out, 0, <usize>columns << 2);
  for (let left = columns; left > 0; left -= STRIP) {
    const strip = min(left, STRIP);
    let from = row;
    let i = 0;
    for (; i + 8 <= k; i += 8) {
      blendEight(from, step, strip, v + (<usize>i << 2), out);
      from += 8 * step;
    }
    for (; i < k; i++) {
      blendOne(from, strip, v + (<usize>i << 2), out);
      from += step;
    }
    row += STRIP * 4;
    out += STRIP * 4;
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
