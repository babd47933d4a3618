/**
 * Transposes matrices of four-byte elements, in tiles that stay in cache, made of blocks that stay in registers:
 *
 *     from: `rows` × `columns` at a row distance of stepFrom            to: `columns` × `rows` at stepTo
 *
 *       a0 a1 a2 a3                 a0 b0 c0 d0
 *       b0 b1 b2 b3    four loads,  a1 b1 c1 d1
 *       c0 c1 c2 c3    8 shuffles,  a2 b2 c2 d2
 *       d0 d1 d2 d3    four stores  a3 b3 c3 d3
 */
import { advance, Odometer } from '../simd/odometer';

/** Tiles are 32 × 32 elements: 4 KiB on each side. */
const TILE: i32 = 32;

/** Transposes one 4 × 4 block. Distances are in bytes. */
// @ts-ignore: decorator
@inline
export function transposeBlock(from: usize, stepFrom: usize, to: usize, stepTo: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + stepFrom);
  const c = v128.load(from + 2 * stepFrom);
  const d = v128.load(from + 3 * stepFrom);
  const ab01 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const ab23 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd01 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const cd23 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab01, cd01, 0, 2));
  v128.store(to + stepTo, v128.shuffle<i64>(ab01, cd01, 1, 3));
  v128.store(to + 2 * stepTo, v128.shuffle<i64>(ab23, cd23, 0, 2));
  v128.store(to + 3 * stepTo, v128.shuffle<i64>(ab23, cd23, 1, 3));
}

function transposeTile(from: usize, stepFrom: usize, to: usize, stepTo: usize, rows: i32, columns: i32): void {
  const evenRows = rows & ~3;
  const evenColumns = columns & ~3;
  // One cache line is written after another. Lines whose addresses differ by 2ⁿ share few sets of the cache: all would not fit.
  for (let j = 0; j < evenColumns; j += 4) {
    const column = from + ((<usize>j) << 2);
    const row = to + <usize>j * stepTo;
    for (let i = 0; i < evenRows; i += 4) {
      transposeBlock(column + <usize>i * stepFrom, stepFrom, row + ((<usize>i) << 2), stepTo);
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let j = i < evenRows ? evenColumns : 0; j < columns; j++) {
      store<u32>(to + <usize>j * stepTo + ((<usize>i) << 2), load<u32>(from + <usize>i * stepFrom + ((<usize>j) << 2)));
    }
  }
}

/** Transposes one matrix of rows × columns after another. Distances are in bytes. */
export function transpose32(
  from: usize,
  stepFrom: usize,
  to: usize,
  stepTo: usize,
  rows: i32,
  columns: i32,
  matrices: Odometer,
): void {
  while (true) {
    for (let i = 0; i < rows; i += TILE) {
      for (let j = 0; j < columns; j += TILE) {
        transposeTile(
          from + <usize>i * stepFrom + ((<usize>j) << 2),
          stepFrom,
          to + <usize>j * stepTo + ((<usize>i) << 2),
          stepTo,
          min(TILE, rows - i),
          min(TILE, columns - j),
        );
      }
    }
    const axis = advance(matrices);
    if (axis === null) return;
    from += axis.jump0;
    to += axis.jump1;
  }
}
