/**
 * Convolutions of single channels, as sums of taps. A tap is one element of a filter: an offset into a frame, and the weight of
 * the pixels there. The kernel computes a block of eight vectors of results in registers, over all taps. It chooses the shape
 * of block that computes the fewest results outside the plane:
 *
 *     | v |      | v v |      | v v v v |      | v v v v v v v v |
 *       ⋮ 8        ⋮ 4          ⋮ 2
 */
import { literal, N1, N2, N4, N8 } from '../simd/literal';
import { madd } from '../simd/madd';
import { storeLanes } from '../simd/partial';

/** Bytes of a tap: its offset in bytes, then its weight. */
export const TAP_BYTES: usize = 8;

/** The most rows of results that {@link sumOfTaps} computes beyond the last one. The frame needs as many rows more. */
export const ROWS_BEYOND: i32 = 7;

/** Appends a tap to a list. Returns the new end of the list. */
// @ts-ignore: decorator
@inline
export function addTap(to: usize, offset: usize, weight: f32): usize {
  store<u32>(to, <u32>offset);
  store<f32>(to, weight, 4);
  return to + TAP_BYTES;
}

/** Stores those lanes of a block's k-th vector that lie within `rows` and `columns`. */
// @ts-ignore: decorator
@inline
function storeVector(value: v128, k: i32, across: i32, out: usize, outStep: usize, rows: i32, columns: i32): void {
  const row = k / across;
  const left = columns - (k % across) * 4;
  const to = out + <usize>row * outStep + ((<usize>(k % across)) << 4);
  if (row >= rows) return;
  if (left >= 4) v128.store(to, value);
  else if (left > 0) storeLanes(to, value, left);
}

/**
 * Computes a block of eight vectors, `Across` of them in a row. It is a separate function because engines keep the vectors in
 * registers only if few other variables are alive.
 */
function block<Across>(
  from: usize,
  step: usize,
  taps: usize,
  tapsEnd: usize,
  start: f32,
  out: usize,
  outStep: usize,
  rows: i32,
  columns: i32,
): void {
  const across = literal<Across>();
  const bias = f32x4.splat(start);
  let v0 = bias;
  let v1 = bias;
  let v2 = bias;
  let v3 = bias;
  let v4 = bias;
  let v5 = bias;
  let v6 = bias;
  let v7 = bias;
  const at1 = <usize>(1 / across) * step + ((<usize>(1 % across)) << 4);
  const at2 = <usize>(2 / across) * step + ((<usize>(2 % across)) << 4);
  const at3 = <usize>(3 / across) * step + ((<usize>(3 % across)) << 4);
  const at4 = <usize>(4 / across) * step + ((<usize>(4 % across)) << 4);
  const at5 = <usize>(5 / across) * step + ((<usize>(5 % across)) << 4);
  const at6 = <usize>(6 / across) * step + ((<usize>(6 % across)) << 4);
  const at7 = <usize>(7 / across) * step + ((<usize>(7 % across)) << 4);
  for (let tap = taps; tap < tapsEnd; tap += TAP_BYTES) {
    const at = from + <usize>load<u32>(tap);
    const w = v128.load32_splat(tap, 4);
    v0 = madd(w, v128.load(at), v0);
    v1 = madd(w, v128.load(at + at1), v1);
    v2 = madd(w, v128.load(at + at2), v2);
    v3 = madd(w, v128.load(at + at3), v3);
    v4 = madd(w, v128.load(at + at4), v4);
    v5 = madd(w, v128.load(at + at5), v5);
    v6 = madd(w, v128.load(at + at6), v6);
    v7 = madd(w, v128.load(at + at7), v7);
  }
  storeVector(v0, 0, across, out, outStep, rows, columns);
  storeVector(v1, 1, across, out, outStep, rows, columns);
  storeVector(v2, 2, across, out, outStep, rows, columns);
  storeVector(v3, 3, across, out, outStep, rows, columns);
  storeVector(v4, 4, across, out, outStep, rows, columns);
  storeVector(v5, 5, across, out, outStep, rows, columns);
  storeVector(v6, 6, across, out, outStep, rows, columns);
  storeVector(v7, 7, across, out, outStep, rows, columns);
}

/** {@link sumOfTaps} by blocks of one shape. */
// @ts-ignore: decorator
@inline
function blocks<Across>(
  from: usize,
  step: usize,
  taps: usize,
  tapsEnd: usize,
  bias: f32,
  out: usize,
  height: i32,
  width: i32,
): void {
  const across = literal<Across>();
  const down = 8 / across;
  const outStep = (<usize>width) << 2;
  for (let i = 0; i < height; i += down) {
    const row = from + <usize>i * step;
    const to = out + <usize>i * outStep;
    for (let j = 0; j < width; j += across * 4) {
      const at = row + ((<usize>j) << 2);
      const result = to + ((<usize>j) << 2);
      block<Across>(at, step, taps, tapsEnd, bias, result, outStep, height - i, width - j);
    }
  }
}

/** Blocks, of `across` vectors in a row, that cover the plane. */
// @ts-ignore: decorator
@inline
function blockCount(across: i32, height: i32, width: i32): i32 {
  const down = 8 / across;
  const wide = across * 4;
  return ((height + down - 1) / down) * ((width + wide - 1) / wide);
}

/**
 * out[row][column] = bias + Σ weight · the number at from + row·step + 4·column + offset, over all taps. Blocks at the edges read
 * up to {@link ROWS_BEYOND} rows and 128 bytes beyond the frame.
 */
export function sumOfTaps(
  from: usize,
  step: usize,
  taps: usize,
  tapsEnd: usize,
  bias: f32,
  out: usize,
  height: i32,
  width: i32,
): void {
  const by1 = blockCount(1, height, width);
  const by2 = blockCount(2, height, width);
  const by4 = blockCount(4, height, width);
  const by8 = blockCount(8, height, width);
  const least = min(min(by1, by2), min(by4, by8));
  if (by4 == least) blocks<N4>(from, step, taps, tapsEnd, bias, out, height, width);
  else if (by8 == least) blocks<N8>(from, step, taps, tapsEnd, bias, out, height, width);
  else if (by2 == least) blocks<N2>(from, step, taps, tapsEnd, bias, out, height, width);
  else blocks<N1>(from, step, taps, tapsEnd, bias, out, height, width);
}
