/**
 * Packs blocks of matrices into panels, so that a tile reads both of its operands in order.
 *
 *     A, 5 rows to a panel:              B, 8 columns to a panel:
 *
 *          k →                                k ↓   panel 0    panel 1
 *     row 0 | 0  5 10 15 …                      | 0 1 … 7 | 8k 8k+1 …
 *     row 1 | 1  6 11 …                         | 8 9 …15 |
 *       …   | numbers are places in memory      | …
 *     row 4 | 4  9 14 …
 *
 * Lanes beyond the last row or column hold arbitrary numbers. The products of these lanes are computed, but never stored.
 */
import { TILE_COLUMNS, TILE_ROWS } from './tile';

/** Panels of A that hold `rows` rows. */
// @ts-ignore: decorator
@inline
export function rowPanels(rows: i32): i32 {
  return (rows + TILE_ROWS - 1) / TILE_ROWS;
}

/** Panels of B that hold `columns` columns. */
// @ts-ignore: decorator
@inline
export function columnPanels(columns: i32): i32 {
  return (columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
}

/** Bytes of a panel of A that is k elements long. */
// @ts-ignore: decorator
@inline
export function rowPanelBytes(k: i32): usize {
  return <usize>k * (TILE_ROWS * 4);
}

/** Bytes of a panel of B that is k elements long. */
// @ts-ignore: decorator
@inline
export function columnPanelBytes(k: i32): usize {
  return <usize>k * (TILE_COLUMNS * 4);
}

/** Packs five rows of k elements that are contiguous along k. The last row stands for missing ones. */
function interleaveRows(from: usize, rowStep: usize, rows: i32, k: i32, to: usize): void {
  const r0 = from;
  const r1 = from + rowStep * min(1, rows - 1);
  const r2 = from + rowStep * min(2, rows - 1);
  const r3 = from + rowStep * min(3, rows - 1);
  const r4 = from + rowStep * min(4, rows - 1);
  let i: usize = 0;
  const body = (<usize>(k & ~3)) << 2;
  for (; i < body; i += 16) {
    const a = v128.load(r0 + i);
    const b = v128.load(r1 + i);
    const c = v128.load(r2 + i);
    const d = v128.load(r3 + i);
    const e = v128.load(r4 + i);
    const ab01 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const ab23 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cd01 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const cd23 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(ab01, cd01, 0, 2));
    v128.store32_lane(to, e, 0, 16);
    v128.store(to, v128.shuffle<i64>(ab01, cd01, 1, 3), 20);
    v128.store32_lane(to, e, 1, 36);
    v128.store(to, v128.shuffle<i64>(ab23, cd23, 0, 2), 40);
    v128.store32_lane(to, e, 2, 56);
    v128.store(to, v128.shuffle<i64>(ab23, cd23, 1, 3), 60);
    v128.store32_lane(to, e, 3, 76);
    to += 80;
  }
  const end = (<usize>k) << 2;
  for (; i < end; i += 4) {
    store<u32>(to, load<u32>(r0 + i));
    store<u32>(to, load<u32>(r1 + i), 4);
    store<u32>(to, load<u32>(r2 + i), 8);
    store<u32>(to, load<u32>(r3 + i), 12);
    store<u32>(to, load<u32>(r4 + i), 16);
    to += 20;
  }
}

/** Packs A (`rows` × k) from rows that lie along k and are rowStep bytes apart. Panels are `panel` bytes apart. */
export function packRows(from: usize, rowStep: usize, rows: i32, k: i32, to: usize, panel: usize): void {
  for (let i = 0; i < rows; i += TILE_ROWS) {
    interleaveRows(from, rowStep, min(TILE_ROWS, rows - i), k, to);
    from += rowStep * TILE_ROWS;
    to += panel;
  }
}

/** Packs A from its transpose (k × `rows`), whose rows are kStep bytes apart. */
export function packRowsTransposed(from: usize, kStep: usize, rows: i32, k: i32, to: usize): void {
  for (let i = 0; i < rows; i += TILE_ROWS) {
    let at = from;
    for (let p = 0; p < k; p++) {
      v128.store(to, v128.load(at));
      store<u32>(to, load<u32>(at, 16), 16);
      at += kStep;
      to += TILE_ROWS * 4;
    }
    from += TILE_ROWS * 4;
  }
}

/** Copies eight elements of a row of B. */
// @ts-ignore: decorator
@inline
function copyEight(from: usize, to: usize): void {
  const low = v128.load(from);
  const high = v128.load(from, 16);
  v128.store(to, low);
  v128.store(to, high, 16);
}

/** Packs B (k × `columns`), whose rows are kStep bytes apart. Panels are `panel` bytes apart. */
export function packColumns(from: usize, kStep: usize, columns: i32, k: i32, to: usize, panel: usize): void {
  // Copy eight rows at a time: the hardware prefetches about eight streams at once.
  for (; k >= 8; k -= 8) {
    let at = from;
    let place = to;
    for (let j = 0; j < columns; j += TILE_COLUMNS) {
      const r4 = at + 4 * kStep;
      copyEight(at, place);
      copyEight(at + kStep, place + 32);
      copyEight(at + 2 * kStep, place + 64);
      copyEight(at + 3 * kStep, place + 96);
      copyEight(r4, place + 128);
      copyEight(r4 + kStep, place + 160);
      copyEight(r4 + 2 * kStep, place + 192);
      copyEight(r4 + 3 * kStep, place + 224);
      at += TILE_COLUMNS * 4;
      place += panel;
    }
    from += 8 * kStep;
    to += 8 * TILE_COLUMNS * 4;
  }
  for (; k > 0; k--) {
    let place = to;
    for (let j = 0; j < columns; j += TILE_COLUMNS) {
      copyEight(from + ((<usize>j) << 2), place);
      place += panel;
    }
    from += kStep;
    to += TILE_COLUMNS * 4;
  }
}

/** Packs four rows that lie along k into one half of a panel of eight columns. Rounds k down to whole vectors. */
// @ts-ignore: decorator
@inline
function interleaveFour(r0: usize, r1: usize, r2: usize, r3: usize, k: i32, to: usize): void {
  const end = (<usize>(k & ~3)) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const a = v128.load(r0 + i);
    const b = v128.load(r1 + i);
    const c = v128.load(r2 + i);
    const d = v128.load(r3 + i);
    const ab01 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const ab23 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cd01 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const cd23 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(ab01, cd01, 0, 2));
    v128.store(to, v128.shuffle<i64>(ab01, cd01, 1, 3), 32);
    v128.store(to, v128.shuffle<i64>(ab23, cd23, 0, 2), 64);
    v128.store(to, v128.shuffle<i64>(ab23, cd23, 1, 3), 96);
    to += 128;
  }
}

/** Packs eight rows that lie along k into a panel of eight columns. The last row stands for missing ones. */
export function interleaveColumns(from: usize, columnStep: usize, columns: i32, k: i32, to: usize): void {
  const last = columns - 1;
  for (let half = 0; half < 2; half++) {
    const j = half << 2;
    const r0 = from + columnStep * min(j, last);
    const r1 = from + columnStep * min(j + 1, last);
    const r2 = from + columnStep * min(j + 2, last);
    const r3 = from + columnStep * min(j + 3, last);
    const at = to + ((<usize>half) << 4);
    interleaveFour(r0, r1, r2, r3, k, at);
    for (let i = k & ~3; i < k; i++) {
      const place = at + ((<usize>i) << 5);
      const offset = (<usize>i) << 2;
      store<u32>(place, load<u32>(r0 + offset));
      store<u32>(place, load<u32>(r1 + offset), 4);
      store<u32>(place, load<u32>(r2 + offset), 8);
      store<u32>(place, load<u32>(r3 + offset), 12);
    }
  }
}

/** {@link interleaveColumns} for rows at eight byte offsets from `base`. `offsets` lists them. k is a multiple of four. */
export function interleaveListed(base: usize, offsets: usize, k: i32, to: usize): void {
  interleaveFour(
    base + load<u32>(offsets),
    base + load<u32>(offsets, 4),
    base + load<u32>(offsets, 8),
    base + load<u32>(offsets, 12),
    k,
    to,
  );
  interleaveFour(
    base + load<u32>(offsets, 16),
    base + load<u32>(offsets, 20),
    base + load<u32>(offsets, 24),
    base + load<u32>(offsets, 28),
    k,
    to + 16,
  );
}

/** Packs B from its transpose (`columns` × k), whose rows are columnStep bytes apart. */
export function packColumnsTransposed(from: usize, columnStep: usize, columns: i32, k: i32, to: usize): void {
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    interleaveColumns(from, columnStep, min(TILE_COLUMNS, columns - j), k, to);
    from += columnStep * TILE_COLUMNS;
    to += <usize>k * (TILE_COLUMNS * 4);
  }
}
