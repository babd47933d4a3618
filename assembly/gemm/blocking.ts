/** The sizes of blocks and tiles, in elements. The host reads them when it starts and computes costs and cuts from them. */
import { TILE_COLUMNS, TILE_ROWS } from './tile';

/** Rows of a block of A: a multiple of a tile's rows. MC × KC elements are small beside the second-level cache. */
export const MC: i32 = 160;
/** Length of the sums of a block. */
export const KC: i32 = 320;
/** Columns of a block of B. */
export const NC: i32 = 1024;

/** Rows of a tile. */
export function tileRows(): i32 {
  return TILE_ROWS;
}

/** Columns of a tile. */
export function tileColumns(): i32 {
  return TILE_COLUMNS;
}

/** Rows of a block of A. */
export function blockRows(): i32 {
  return MC;
}

/** Length of the sums of a block. */
export function blockDepth(): i32 {
  return KC;
}

/** Columns of a block of B. */
export function blockColumns(): i32 {
  return NC;
}
