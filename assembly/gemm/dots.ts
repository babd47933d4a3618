/**
 * The product of a few vectors and a matrix whose rows lie along the sum. Each element of the result is the dot product of a
 * vector and a row. The kernel reads the rows where they lie: packing them would cost more time than it saves.
 *
 *     out[v][r] = v · row r       four rows and two vectors at a time
 *
 * The matrix is read from memory once. The rows that one pair of vectors has read are in the first-level cache for the next
 * pair.
 */
import { madd } from '../simd/madd';
import { storeFirst } from '../simd/partial';

/** Elements of a row that are summed before the sums are stored. Chunks of four rows stay in the first-level cache. */
const CHUNK: i32 = 1024;

/** A vector whose four lanes are the sums of the lanes of a, b, c and d. */
// @ts-ignore: decorator
@inline
function sumsOfLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

/** Stores the first `count` lanes of init + sums. `isOne` adds the one number at `init` to all lanes. */
// @ts-ignore: decorator
@inline
function storeSums(init: usize, isOne: bool, sums: v128, count: i32, out: usize): void {
  const first = isOne ? v128.load32_splat(init) : v128.load(init);
  storeFirst(out, f32x4.add(first, sums), count);
}

/** The dot products of one vector and four rows. If `count` is below four, the last row stands for the missing ones. */
function fourDots(row: usize, step: usize, count: i32, v: usize, k: i32, init: usize, isOne: bool, out: usize): void {
  const r1 = row + step * min(1, count - 1);
  const r2 = row + step * min(2, count - 1);
  const r3 = row + step * min(3, count - 1);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let t0 = s0;
  let t1 = s0;
  let t2 = s0;
  let t3 = s0;
  let i: usize = 0;
  const body = (<usize>(k & ~7)) << 2;
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
  let sums = sumsOfLanes(f32x4.add(s0, t0), f32x4.add(s1, t1), f32x4.add(s2, t2), f32x4.add(s3, t3));
  for (const end = (<usize>k) << 2; i < end; i += 4) {
    const column = f32x4(load<f32>(row + i), load<f32>(r1 + i), load<f32>(r2 + i), load<f32>(r3 + i));
    sums = madd(column, v128.load32_splat(v + i), sums);
  }
  storeSums(init, isOne, sums, count, out);
}

/** The dot products of two vectors and four rows. If `count` is below four, the last row stands for the missing ones. */
function eightDots(
  row: usize,
  step: usize,
  count: i32,
  v: usize,
  vStep: usize,
  k: i32,
  init: usize,
  initStep: usize,
  out: usize,
  outStep: usize,
): void {
  const r1 = row + step * min(1, count - 1);
  const r2 = row + step * min(2, count - 1);
  const r3 = row + step * min(3, count - 1);
  const w = v + vStep;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let t0 = s0;
  let t1 = s0;
  let t2 = s0;
  let t3 = s0;
  let i: usize = 0;
  const body = (<usize>(k & ~3)) << 2;
  for (; i < body; i += 16) {
    const x = v128.load(v + i);
    const y = v128.load(w + i);
    const b0 = v128.load(row + i);
    s0 = madd(x, b0, s0);
    t0 = madd(y, b0, t0);
    const b1 = v128.load(r1 + i);
    s1 = madd(x, b1, s1);
    t1 = madd(y, b1, t1);
    const b2 = v128.load(r2 + i);
    s2 = madd(x, b2, s2);
    t2 = madd(y, b2, t2);
    const b3 = v128.load(r3 + i);
    s3 = madd(x, b3, s3);
    t3 = madd(y, b3, t3);
  }
  let sums = sumsOfLanes(s0, s1, s2, s3);
  let others = sumsOfLanes(t0, t1, t2, t3);
  for (const end = (<usize>k) << 2; i < end; i += 4) {
    const column = f32x4(load<f32>(row + i), load<f32>(r1 + i), load<f32>(r2 + i), load<f32>(r3 + i));
    sums = madd(column, v128.load32_splat(v + i), sums);
    others = madd(column, v128.load32_splat(w + i), others);
  }
  storeSums(init, false, sums, count, out);
  storeSums(init + initStep, false, others, count, out + outStep);
}

/**
 * out[i][r] = init[r] + vector i · row r for `count` rows, which are `step` bytes apart. Vectors are vStep bytes apart, and their
 * results outStep bytes. With `isOne`, which requires a single vector, all sums begin with the one number at `init`.
 */
export function dots(
  row: usize,
  step: usize,
  count: i32,
  v: usize,
  vStep: usize,
  vectors: i32,
  k: i32,
  init: usize,
  isOne: bool,
  out: usize,
  outStep: usize,
): void {
  const chunk = vectors > 1 ? CHUNK : max(k, 1);
  let initStep: usize = 0;
  for (let p = 0; p == 0 || p < k; p += chunk) {
    const length = min(chunk, k - p);
    const offset = (<usize>p) << 2;
    for (let r = 0; r < count; r += 4) {
      const from = row + <usize>r * step + offset;
      const place = (<usize>r) << 2;
      let vector = v + offset;
      let to = out + place;
      let begin = isOne ? init : init + place;
      let left = vectors;
      for (; left > 1; left -= 2) {
        eightDots(from, step, count - r, vector, vStep, length, begin, initStep, to, outStep);
        vector += 2 * vStep;
        begin += 2 * initStep;
        to += 2 * outStep;
      }
      if (left > 0) fourDots(from, step, count - r, vector, length, begin, isOne, to);
    }
    init = out;
    initStep = outStep;
    isOne = false;
  }
}
