/**
 * Products of few rows with a matrix that lies as it was given: packing would cost more than it gives, and of one row
 * memory is the limit. Two kernels serve all cases, because rows times a matrix are the transposed matrix times columns:
 *
 *     dots    out[v][r] = v · row r       rows that lie along the sum, four of them with two vectors at a time
 *     blend   out[v]   += v[k]·row k      rows that lie across it, four of them with two vectors at a time
 *
 * Either reads the matrix once, as streams, and what two vectors share of it stays in the first cache for the next two.
 */
import { madd } from '../simd/madd';
import { storeLanes } from '../simd/partial';

/** Elements of the sums between which partial results are stored, so that pieces of rows stay in the first cache. */
const CHUNK: i32 = 1024;

/** The sums of the lanes of four vectors, in the lanes of one. */
// @ts-ignore: decorator
@inline
function sumsOfLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

/** Stores init + sums, of which `count` exist. */
// @ts-ignore: decorator
@inline
function storeSums(init: usize, isOne: bool, sums: v128, count: i32, out: usize): void {
  const first = isOne ? v128.load32_splat(init) : v128.load(init);
  const sum = f32x4.add(first, sums);
  if (count >= 4) v128.store(out, sum);
  else storeLanes(out, sum, count);
}

/** The products of one vector with four rows; those of `count` rows that do not exist are the last one again. */
function fourDots(
  row: usize,
  step: usize,
  count: i32,
  v: usize,
  k: i32,
  init: usize,
  isOne: bool,
  out: usize,
): void {
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
  let sums = sumsOfLanes(f32x4.add(s0, t0), f32x4.add(s1, t1), f32x4.add(s2, t2), f32x4.add(s3, t3));
  for (const end = <usize>k << 2; i < end; i += 4) {
    const column = f32x4(load<f32>(row + i), load<f32>(r1 + i), load<f32>(r2 + i), load<f32>(r3 + i));
    sums = madd(column, v128.load32_splat(v + i), sums);
  }
  storeSums(init, isOne, sums, count, out);
}

/** The same of two vectors. */
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
  const body = <usize>(k & ~3) << 2;
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
  for (const end = <usize>k << 2; i < end; i += 4) {
    const column = f32x4(load<f32>(row + i), load<f32>(r1 + i), load<f32>(r2 + i), load<f32>(r3 + i));
    sums = madd(column, v128.load32_splat(v + i), sums);
    others = madd(column, v128.load32_splat(w + i), others);
  }
  storeSums(init, false, sums, count, out);
  storeSums(init + initStep, false, others, count, out + outStep);
}

/**
 * out[i][r] = init[r] + vector i · row r for `count` rows `step` bytes apart; `vectors` and their results are vStep and outStep
 * bytes apart. `isOne` begins all sums with the number at init; there is one vector then.
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
    const offset = <usize>p << 2;
    for (let r = 0; r < count; r += 4) {
      const from = row + <usize>r * step + offset;
      const place = <usize>r << 2;
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

/** Columns of a strip, whose sums stay in the first cache while rows pass by: of one vector, and of several. */
const STRIP: i32 = 2048;
const SHARED_STRIP: i32 = 1024;

/** out[c] += Σ v[k]·row k [c] for eight rows: as many streams as memory's prefetching follows. */
function blendEight(row: usize, step: usize, columns: i32, v: usize, vStep: usize, out: usize): void {
  const v0 = v128.load32_splat(v);
  const v1 = v128.load32_splat(v + vStep);
  const v2 = v128.load32_splat(v + 2 * vStep);
  const v3 = v128.load32_splat(v + 3 * vStep);
  const v4 = v128.load32_splat(v + 4 * vStep);
  const v5 = v128.load32_splat(v + 5 * vStep);
  const v6 = v128.load32_splat(v + 6 * vStep);
  const v7 = v128.load32_splat(v + 7 * vStep);
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

/** Two vectors, whose elements are vStep bytes apart, and four rows. */
function blendPair(
  row: usize,
  step: usize,
  columns: i32,
  v: usize,
  vRow: usize,
  vStep: usize,
  out: usize,
  outStep: usize,
): void {
  const w = v + vRow;
  const v0 = v128.load32_splat(v);
  const v1 = v128.load32_splat(v + vStep);
  const v2 = v128.load32_splat(v + 2 * vStep);
  const v3 = v128.load32_splat(v + 3 * vStep);
  const w0 = v128.load32_splat(w);
  const w1 = v128.load32_splat(w + vStep);
  const w2 = v128.load32_splat(w + 2 * vStep);
  const w3 = v128.load32_splat(w + 3 * vStep);
  for (; columns > 0; columns -= 4) {
    const r2 = row + 2 * step;
    const b0 = v128.load(row);
    let x = madd(v0, b0, v128.load(out));
    let y = madd(w0, b0, v128.load(out + outStep));
    const b1 = v128.load(row + step);
    x = madd(v1, b1, x);
    y = madd(w1, b1, y);
    const b2 = v128.load(r2);
    x = madd(v2, b2, x);
    y = madd(w2, b2, y);
    const b3 = v128.load(r2 + step);
    x = madd(v3, b3, x);
    y = madd(w3, b3, y);
    if (columns >= 4) {
      v128.store(out, x);
      v128.store(out + outStep, y);
    } else {
      storeLanes(out, x, columns);
      storeLanes(out + outStep, y, columns);
    }
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

/**
 * out[i][c] = init[c] + Σ v[i][k]·row k [c] for rows `step` bytes apart; no `init` (0) is zeros. Vectors are vRow bytes apart,
 * their elements vStep and their results outStep.
 */
export function blend(
  row: usize,
  step: usize,
  columns: i32,
  v: usize,
  vRow: usize,
  vStep: usize,
  vectors: i32,
  k: i32,
  init: usize,
  out: usize,
  outStep: usize,
): void {
  let to = out;
  for (let i = 0; i < vectors; i++) {
    if (init) memory.copy(to, init, <usize>columns << 2);
    else memory.fill(to, 0, <usize>columns << 2);
    to += outStep;
  }
  const most = vectors > 1 ? SHARED_STRIP : STRIP;
  for (let left = columns; left > 0; left -= most) {
    const strip = min(left, most);
    let from = row;
    let at = v;
    let p = k;
    for (; p >= 8; p -= 8) {
      let vector = at;
      to = out;
      let i = vectors;
      for (; i > 1; i -= 2) {
        blendPair(from, step, strip, vector, vRow, vStep, to, outStep);
        blendPair(from + 4 * step, step, strip, vector + 4 * vStep, vRow, vStep, to, outStep);
        vector += 2 * vRow;
        to += 2 * outStep;
      }
      if (i > 0) blendEight(from, step, strip, vector, vStep, to);
      from += 8 * step;
      at += 8 * vStep;
    }
    for (; p > 0; p--) {
      to = out;
      for (let i: usize = 0; i < <usize>vectors; i++) {
        blendOne(from, strip, at + i * vRow, to);
        to += outStep;
      }
      from += step;
      at += vStep;
    }
    row += <usize>most << 2;
    out += <usize>most << 2;
  }
}
