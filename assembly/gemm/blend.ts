/**
 * The product of a few vectors and a matrix whose rows lie across the sum. The kernel reads each row where it lies, scales it
 * by an element of the vector and adds it to the result. See dots.ts for a matrix whose rows lie along the sum.
 *
 *     out[v] += v[k]·row k        four rows and two vectors at a time, or eight rows and one vector
 */
import { madd } from '../simd/madd';
import { storeFirst } from '../simd/partial';

/** Columns of a strip for one vector. The sums of a strip stay in the first-level cache while all rows pass by. */
const STRIP: i32 = 2048;
/** Columns of a strip for several vectors, which share the cache. */
const SHARED_STRIP: i32 = 1024;

/** out[c] += Σ v[k]·row k [c] for eight rows. The hardware prefetches about eight streams at once. */
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
    storeFirst(out, f32x4.add(even, odd), columns);
    row += 16;
    out += 16;
  }
}

/** Adds four rows to the results of two vectors. The vectors are vRow bytes apart, and their elements vStep bytes. */
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
    storeFirst(out, x, columns);
    storeFirst(out + outStep, y, columns);
    row += 16;
    out += 16;
  }
}

/** out[c] += v·row[c] for one row and one element of a vector. */
function blendOne(row: usize, columns: i32, v: usize, out: usize): void {
  const factor = v128.load32_splat(v);
  for (; columns > 0; columns -= 4) {
    storeFirst(out, madd(factor, v128.load(row), v128.load(out)), columns);
    row += 16;
    out += 16;
  }
}

/**
 * out[i][c] = init[c] + Σ v[i][k]·row k [c]. Without `init` (0) the sums begin at zero. Rows are `step` bytes apart, vectors
 * vRow bytes, elements of a vector vStep bytes, and results of vectors outStep bytes.
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
    if (init) memory.copy(to, init, (<usize>columns) << 2);
    else memory.fill(to, 0, (<usize>columns) << 2);
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
    row += (<usize>most) << 2;
    out += (<usize>most) << 2;
  }
}
