/**
 * The innermost kernel of every float32 product. It computes a tile of C, at most 5 × 8, in registers, over all k of a block.
 *
 *                        b₀ … b₃   b₄ … b₇        one row of B: two vectors
 *                      ┌─────────┬─────────┐
 *     a₀ in all lanes  │   c00   │   c01   │      Registers: ten accumulators, two vectors of B, two of A and,
 *     a₁               │   c10   │   c11   │      without fused multiply-add, one product. These are the 15
 *     …                │    …    │    …    │      registers that V8 has. A sixth row makes it spill, which
 *     a₄               │   c40   │   c41   │      halves the speed of the variant without fused multiply-add.
 *                      └─────────┴─────────┘
 *
 * The code handles two rows at a time, so that the loads of A run ahead of the products.
 *
 * From one k to the next, A moves by stepA bytes and B by stepB bytes. A packed panel is contiguous; a matrix that already lies
 * along k is read where it is. The accumulators begin with the rows at `init`, which are stepInit bytes apart. These rows are
 * zeros or a bias for each column (step 0), a bias for each row, or the tile itself, to continue with the next block of k. So
 * a tile needs no branch.
 */
import { literal, N1, N2, N3, N4, N5, N8 } from '../simd/literal';
import { madd } from '../simd/madd';

/** Rows of a tile. */
export const TILE_ROWS: i32 = 5;
/** Columns of a tile. */
export const TILE_COLUMNS: i32 = 8;

/** A tile of `Rows` rows and `Columns` columns (4 or 8). The compiler removes the instructions of larger tiles. */
function tile<Rows, Columns>(
  k: i32,
  a: usize,
  stepA: usize,
  b: usize,
  stepB: usize,
  init: usize,
  stepInit: usize,
  c: usize,
  stepC: usize,
): void {
  const rows = literal<Rows>();
  const isWide = literal<Columns>() > 4;
  const zero = f32x4.splat(0);
  let c00 = zero;
  let c01 = zero;
  let c10 = zero;
  let c11 = zero;
  let c20 = zero;
  let c21 = zero;
  let c30 = zero;
  let c31 = zero;
  let c40 = zero;
  let c41 = zero;
  c00 = v128.load(init);
  if (isWide) c01 = v128.load(init, 16);
  if (rows > 1) {
    init += stepInit;
    c10 = v128.load(init);
    if (isWide) c11 = v128.load(init, 16);
  }
  if (rows > 2) {
    init += stepInit;
    c20 = v128.load(init);
    if (isWide) c21 = v128.load(init, 16);
  }
  if (rows > 3) {
    init += stepInit;
    c30 = v128.load(init);
    if (isWide) c31 = v128.load(init, 16);
  }
  if (rows > 4) {
    init += stepInit;
    c40 = v128.load(init);
    if (isWide) c41 = v128.load(init, 16);
  }
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = isWide ? v128.load(b, 16) : b0;
    const a0 = v128.load32_splat(a);
    if (rows > 1) {
      const a1 = v128.load32_splat(a, 4);
      c00 = madd(a0, b0, c00);
      c10 = madd(a1, b0, c10);
      if (isWide) {
        c01 = madd(a0, b1, c01);
        c11 = madd(a1, b1, c11);
      }
    } else {
      c00 = madd(a0, b0, c00);
      if (isWide) c01 = madd(a0, b1, c01);
    }
    if (rows > 3) {
      const a2 = v128.load32_splat(a, 8);
      const a3 = v128.load32_splat(a, 12);
      c20 = madd(a2, b0, c20);
      c30 = madd(a3, b0, c30);
      if (isWide) {
        c21 = madd(a2, b1, c21);
        c31 = madd(a3, b1, c31);
      }
    } else if (rows > 2) {
      const a2 = v128.load32_splat(a, 8);
      c20 = madd(a2, b0, c20);
      if (isWide) c21 = madd(a2, b1, c21);
    }
    if (rows > 4) {
      const a4 = v128.load32_splat(a, 16);
      c40 = madd(a4, b0, c40);
      if (isWide) c41 = madd(a4, b1, c41);
    }
    a += stepA;
    b += stepB;
  }
  v128.store(c, c00);
  if (isWide) v128.store(c, c01, 16);
  if (rows > 1) {
    c += stepC;
    v128.store(c, c10);
    if (isWide) v128.store(c, c11, 16);
  }
  if (rows > 2) {
    c += stepC;
    v128.store(c, c20);
    if (isWide) v128.store(c, c21, 16);
  }
  if (rows > 3) {
    c += stepC;
    v128.store(c, c30);
    if (isWide) v128.store(c, c31, 16);
  }
  if (rows > 4) {
    c += stepC;
    v128.store(c, c40);
    if (isWide) v128.store(c, c41, 16);
  }
}

/** A tile of 5 rows and 8 columns. */
export function fullTile(
  k: i32,
  a: usize,
  stepA: usize,
  b: usize,
  stepB: usize,
  init: usize,
  stepInit: usize,
  c: usize,
  stepC: usize,
): void {
  tile<N5, N8>(k, a, stepA, b, stepB, init, stepInit, c, stepC);
}

/** A tile of 1 to 5 rows and 1 to 8 columns, by the smallest kernel that covers it. The kernel writes 4 or 8 columns. */
export function anyTile(
  rows: i32,
  columns: i32,
  k: i32,
  a: usize,
  stepA: usize,
  b: usize,
  stepB: usize,
  init: usize,
  stepInit: usize,
  c: usize,
  stepC: usize,
): void {
  if (columns > 4) {
    if (rows == 5) tile<N5, N8>(k, a, stepA, b, stepB, init, stepInit, c, stepC);
    else if (rows == 4) tile<N4, N8>(k, a, stepA, b, stepB, init, stepInit, c, stepC);
    else if (rows == 3) tile<N3, N8>(k, a, stepA, b, stepB, init, stepInit, c, stepC);
    else if (rows == 2) tile<N2, N8>(k, a, stepA, b, stepB, init, stepInit, c, stepC);
    else tile<N1, N8>(k, a, stepA, b, stepB, init, stepInit, c, stepC);
  } else {
    if (rows == 5) tile<N5, N4>(k, a, stepA, b, stepB, init, stepInit, c, stepC);
    else if (rows == 4) tile<N4, N4>(k, a, stepA, b, stepB, init, stepInit, c, stepC);
    else if (rows == 3) tile<N3, N4>(k, a, stepA, b, stepB, init, stepInit, c, stepC);
    else if (rows == 2) tile<N2, N4>(k, a, stepA, b, stepB, init, stepInit, c, stepC);
    else tile<N1, N4>(k, a, stepA, b, stepB, init, stepInit, c, stepC);
  }
}
