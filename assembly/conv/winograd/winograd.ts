/**
 * The record of Winograd's convolution, and the sizes of its workspace's sections. After A. Lavin and S. Gray, "Fast algorithms
 * for convolutional neural networks", 2016: F(m×m, 3×3) computes m×m outputs from (m+2)×(m+2) inputs with (m+2)² products
 * instead of 9·m².
 *
 *     x ──tiles──> V = Bᵀ d B  ┐                                   ┌─> y = Aᵀ M A
 *                              ├─> M[p] = U[p]·V[p] for each of   ─┘
 *     w ─────────> U = G g Gᵀ  ┘   the (m+2)² places p
 *
 * V and M exist for one block of tiles at a time, so that they stay in the second-level cache. V is written directly as the
 * packed panels that the product reads.
 */
import { Activation } from '../../gemm/block';
import { rowPanels } from '../../gemm/pack';
import { TILE_COLUMNS, TILE_ROWS } from '../../gemm/tile';

/** The arguments of a call. Sizes and positions are in elements. src/backends/wasm/calls/winograd.ts writes them. */
// @ts-ignore: decorator
@unmanaged
export class Winograd {
  groups: i32;
  /** Channels of x in one group. */
  channels: i32;
  /** Rows of an image of x. */
  height: i32;
  /** Columns of an image of x. */
  width: i32;
  /** Channels of y in one group. */
  outChannels: i32;
  /** Rows of an image of y. */
  outHeight: i32;
  /** Columns of an image of y. */
  outWidth: i32;
  /** Rows of zeros above an image of x. */
  padTop: i32;
  /** Columns of zeros on the left of an image of x. */
  padLeft: i32;
  /** x (batch, groups·channels, height, width). */
  x: usize;
  /** w (groups·outChannels, channels, 3, 3), or (groups·channels, outChannels, 3, 3) if `turned`. */
  w: usize;
  /** 1 for the gradient in x: the kernel exchanges the channels of w, and turns its filters by 180°. */
  turned: i32;
  /** y (batch, groups·outChannels, outHeight, outWidth), or its gradient. */
  y: usize;
  /** The bias (groups·outChannels); 0 if there is none. */
  bias: usize;
  /** The residual, shaped as y; 0 if there is none. */
  residual: usize;
  /** The function that is applied to the results. */
  activation: Activation;
  /** The first tile to compute. Tiles are numbered row by row, through all images. */
  first: i32;
  /** The tile behind the last one to compute. */
  end: i32;
  /** Tiles of a block. */
  tiles: i32;
  /** Output channels of a block: a multiple of TILE_ROWS. */
  outs: i32;
  /** Channels from one image of y to the next, of all groups, even if the call computes only some of them. */
  yChannels: i32;
  /** Outputs of a tile along an axis: 2, 4 or 6. */
  m: i32;
  /** The transformed filters, packed; see filters.ts. */
  weight: usize;
  /** The workspace, whose sections follow. If it is 0, the kernel returns the bytes that it needs and computes nothing. */
  workspace: usize;
  /** A {@link Tile} for each tile of a block, rounded up to four. */
  table: usize;
  /** The pixels of a channel that a block of tiles reads, with their padding; see input.ts. */
  frame: usize;
  /** The transformed tiles of the inputs. */
  transformed: usize;
  /** The transformed tiles of the gradients in the output. */
  gradients: usize;
  /** The products of a block, or their sums over all blocks. */
  products: usize;
  /** Vectors between the two one-dimensional transforms, and transformed rows before they are packed. */
  spare: usize;
}

/** The place of a tile, and the size of its output. */
// @ts-ignore: decorator
@unmanaged
export class Tile {
  /** Bytes from the start of the frame to the tile's first input. */
  input: usize;
  /** Bytes from channel 0 of the group to the tile's first output. */
  output: usize;
  /** Rows of the tile's output that lie in the image. */
  rows: i32;
  /** Columns of the tile's output that lie in the image. */
  columns: i32;
}

/** Places (elements) of a transformed tile. */
// @ts-ignore: decorator
@inline
export function placesOf(m: i32): i32 {
  return (m + 2) * (m + 2);
}

/** Tiles along an axis of `size` outputs. */
// @ts-ignore: decorator
@inline
export function tilesAlong(m: i32, size: i32): i32 {
  return (size + m - 1) / m;
}

/** The next multiple of four: tiles and channels fill whole vectors. */
// @ts-ignore: decorator
@inline
export function roundUpToFour(n: i32): i32 {
  return (n + 3) & ~3;
}

/** The most rows of tiles that a block touches. */
export function stripsOf(m: i32, args: Winograd): i32 {
  return tilesAlong(tilesAlong(m, args.outWidth), args.tiles - 1) + 1;
}

/** Bytes of a row of the frame: the pixels of one row of tiles, rounded up to whole vectors. */
export function frameRowBytes(m: i32, args: Winograd): usize {
  return (<usize>((tilesAlong(m, args.outWidth) * m + 5) & ~3)) << 2;
}

/** Bytes from one panel to the next. One cache line more than a panel takes spreads the panels over all cache sets. */
// @ts-ignore: decorator
@inline
export function panelBytes(args: Winograd): usize {
  return <usize>args.channels * (TILE_COLUMNS * 4) + 64;
}

/** Bytes from one place to the next in the transformed tiles of a block. */
export function transformedBytes(args: Winograd): usize {
  return <usize>((args.tiles + TILE_COLUMNS - 1) / TILE_COLUMNS) * panelBytes(args) + 64;
}

/** Bytes from one output channel to the next in the products of a block. */
// @ts-ignore: decorator
@inline
export function productRowBytes(args: Winograd): usize {
  return (<usize>roundUpToFour(args.tiles)) << 2;
}

/** Bytes from one place to the next in the products of a block. */
export function productBytes(args: Winograd): usize {
  return <usize>args.outs * productRowBytes(args) + 64;
}

/** Bytes of the transformed filters of one place, for `outs` output channels. */
export function filterBytes(args: Winograd, outs: i32): usize {
  return (<usize>(rowPanels(outs) * TILE_ROWS * args.channels)) << 2;
}

/** Bytes of the transformed filters of one group. */
export function groupBytes(m: i32, args: Winograd): usize {
  return <usize>placesOf(m) * filterBytes(args, args.outChannels);
}

/** Bytes of `spare` for the transforms of four tiles: a vector for each place and for each result. */
// @ts-ignore: decorator
@inline
export function squareBytes(m: i32): usize {
  return (<usize>(placesOf(m) + m * m)) << 4;
}
