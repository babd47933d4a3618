/** Sizes of blocks and tiles, in elements. The host asks for them when it starts: its costs and cuts depend on them. */
import { TILE_COLUMNS, TILE_ROWS } from './tile';

/** Rows of a block of A: whole tiles, and with KC columns small beside the second cache. */
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
