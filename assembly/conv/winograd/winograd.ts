/**
 * What the kernels of Winograd's convolution share: the record of a call, and how big things are. After A. Lavin and
 * S. Gray, "Fast algorithms for convolutional neural networks", 2016: F(m×m, 3×3) computes m×m outputs from
 * (m+2)×(m+2) inputs by (m+2)² products where plain sums take 9·m².
 *
 *     x ──tiles──> V = Bᵀ d B  ┐                                   ┌─> y = Aᵀ M A
 *                              ├─> M[p] = U[p]·V[p] for each of   ─┘
 *     w ─────────> U = G g Gᵀ  ┘   the (m+2)² places p
 *
 * V and M exist for one block of tiles at a time, so that they stay in the second cache, and V is born as the packed
 * panels that the product reads.
 */
import { Activation } from '../../gemm/block';
import { TILE_COLUMNS, TILE_ROWS } from '../../gemm/tile';

/** The arguments, as src/backends/wasm/winograd.ts writes them. Channels are those of one group. */
// @ts-ignore: decorator
@unmanaged
export class Winograd {
  groups: i32;
  channels: i32;
  height: i32;
  width: i32;
  outChannels: i32;
  outHeight: i32;
  outWidth: i32;
  padTop: i32;
  padLeft: i32;
  /** (batch, groups·channels, height, width) */
  x: usize;
  /** (groups·outChannels, channels, 3, 3) or, if turned, (groups·channels, outChannels, 3, 3) with filters upside down. */
  w: usize;
  turned: i32;
  /** (batch, groups·outChannels, outHeight, outWidth) */
  y: usize;
  /** For each output channel; 0 if there is none. */
  bias: usize;
  /** Like y; 0 if there is none. */
  residual: usize;
  activation: Activation;
  /** The tiles to compute, of all images, row by row. */
  first: i32;
  end: i32;
  /** How many tiles, and how many output channels (a multiple of TILE_ROWS), are worked on at once. */
  tiles: i32;
  outs: i32;
  /**
   * Rooms whose sizes the host knows. Transformed filters, which outlive a call where filters are constant (or, for the
   * gradient in them, transformed gradients);
   */
  filters: usize;
  /** a {@link Tile} for each tile of a block, and three more; */
  table: usize;
  /** the part of a channel that a block sees, with its padding; */
  frame: usize;
  /** transformed tiles; their products; */
  transformed: usize;
  products: usize;
  /** what is between two halves of a transform, or waits to be packed; small room of the products. */
  spare: usize;
  work: usize;
  /** Channels of y from an image to the next, of all groups: where a part of a call has less of them, more than it has. */
  yChannels: i32;
  /** Outputs of a tile along an axis: 2, 4 or 6. */
  m: i32;
}

/**
 * Sizes of tiles that the compiler knows, as types: a function of one is generated for each, with m = {@link tileSize}<M>().
 */
// @ts-ignore: decorator
@unmanaged
export class M2 {
  m: u16;
}

// @ts-ignore: decorator
@unmanaged
export class M4 {
  m: u32;
}

// @ts-ignore: decorator
@unmanaged
export class M6 {
  m: u32;
  more: u16;
}

/** The m that a type stands for. */
// @ts-ignore: decorator
@inline
export function tileSize<M>(): i32 {
  return <i32>offsetof<M>();
}

/** Where a tile is. */
// @ts-ignore: decorator
@unmanaged
export class Tile {
  /** Its first input in the frame, and its first output in channel 0 of the group, in bytes. */
  input: usize;
  output: usize;
  /** How much of it exists. */
  rows: i32;
  columns: i32;
}

/** Input channels whose filters are transformed before they are packed. */
export const STRETCH: i32 = 16;

/** Places of a transformed tile. */
// @ts-ignore: decorator
@inline
export function placesOf(m: i32): i32 {
  return (m + 2) * (m + 2);
}

/** Tiles along an axis. */
// @ts-ignore: decorator
@inline
export function tilesAlong(m: i32, size: i32): i32 {
  return (size + m - 1) / m;
}

/** Bytes of a row of the frame: all tiles of a row of them, and room to read whole vectors. */
// @ts-ignore: decorator
@inline
export function frameRowBytes(m: i32, args: Winograd): usize {
  return (<usize>((tilesAlong(m, args.outWidth) * m + 5) & ~3)) << 2;
}

/** Panels are a cache line further apart than they need, lest all of them fall into the same cache set. */
// @ts-ignore: decorator
@inline
export function panelBytes(args: Winograd): usize {
  return <usize>args.channels * (TILE_COLUMNS * 4) + 64;
}

/** From a place to the next in the transformed tiles of a block. */
// @ts-ignore: decorator
@inline
export function transformedBytes(args: Winograd): usize {
  return <usize>((args.tiles + TILE_COLUMNS - 1) / TILE_COLUMNS) * panelBytes(args) + 64;
}

/** From an output channel to the next, and from a place to the next, in the products of a block. */
// @ts-ignore: decorator
@inline
export function productRowBytes(args: Winograd): usize {
  return (<usize>((args.tiles + 3) & ~3)) << 2;
}

// @ts-ignore: decorator
@inline
export function productBytes(args: Winograd): usize {
  return <usize>args.outs * productRowBytes(args) + 64;
}

/** Bytes of one place's filters of so many output channels. */
// @ts-ignore: decorator
@inline
export function filterBytes(args: Winograd, outs: i32): usize {
  return (<usize>(((outs + TILE_ROWS - 1) / TILE_ROWS) * TILE_ROWS * args.channels)) << 2;
}

/** Bytes of a group's transformed filters. */
// @ts-ignore: decorator
@inline
export function groupBytes(m: i32, args: Winograd): usize {
  return <usize>placesOf(m) * filterBytes(args, args.outChannels);
}
