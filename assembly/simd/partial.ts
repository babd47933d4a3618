/**
 * Stores for the end of a row whose length is not a multiple of four. A kernel may read past the end of a row, since the heap keeps
 * a spare granule behind the last block. It may not write there, where another row may begin.
 */

/** Stores the first `count` lanes, 0 to 3, of four-byte elements. */
// @ts-ignore: decorator
@inline
export function storeLanes(to: usize, value: v128, count: i32): void {
  if (count & 2) {
    v128.store64_lane(to, value, 0);
    if (count & 1) v128.store32_lane(to, value, 2, 8);
  } else if (count & 1) {
    v128.store32_lane(to, value, 0);
  }
}

/** Stores the first `count` lanes, or all if `count` is 4 or more. */
// @ts-ignore: decorator
@inline
export function storeFirst(to: usize, value: v128, count: i32): void {
  if (count >= 4) v128.store(to, value);
  else storeLanes(to, value, count);
}

/** Copies the first lane of four bytes at `from` to all sixteen lanes at `to`: a scalar that looks like a row. */
// @ts-ignore: decorator
@inline
export function splatRow(from: usize, to: usize): void {
  const value = v128.load32_splat(from);
  v128.store(to, value);
  v128.store(to, value, 16);
  v128.store(to, value, 32);
  v128.store(to, value, 48);
}
