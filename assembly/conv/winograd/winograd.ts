/**
 * What the kernels of Winograd's convolution share: the record of a call, and the sizes of its sections. After A. Lavin and
 * S. Gray, "Fast algorithms for convolutional neural networks", 2016: F(m×m, 3×3) computes m×m outputs from
 * (m+2)×(m+2) inputs by (m+2)² products where plain sums take 9·m².
 *
 *     x ──tiles──> V = Bᵀ d B  ┐                                   ┌─> y = Aᵀ M A
 *                              ├─> M[p] = U[p]·V[p] for each of   ─┘
 *     w ─────────> U = G g Gᵀ  ┘   the (m+2)² places p
 *
 * V and M exist for one block of tiles at a time, so that they stay in the second cache. V is written as the packed
 * panels that the product reads.
 */
import { Activation } from '../../gemm/block';
import { rowPanels } from '../../gemm/pack';
import { TILE_COLUMNS, TILE_ROWS } from '../../gemm/tile';

/** The arguments. Channels are those of one group. src/backends/wasm/calls/winograd.ts writes them. */
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
  /** (groups·outChannels, channels, 3, 3), or, if `turned`, (groups·channels, outChannels, 3, 3). */
  w: usize;
  /** 1 for the adjoint in x: channels are exchanged, and filters turned upside down. */
  turned: i32;
  /** (batch, groups·outChannels, outHeight, outWidth) */
  y: usize;
  /** (groups·outChannels); 0 if there is none. */
  bias: usize;
  /** Shaped as y; 0 if there is none. */
  residual: usize;
  activation: Activation;
  /** The first tile to compute. Tiles are numbered row by row, through all images. */
  first: i32;
  /** The tile before which the call ends. */
  end: i32;
  /** Tiles of a block. */
  tiles: i32;
  /** Output channels of a block: a multiple of TILE_ROWS. */
  outs: i32;
  /** Channels from one image of y to the next, of all groups. A thread that computes some of them steps by all. */
  yChannels: i32;
  /** Outputs of a tile along an axis: 2, 4 or 6. */
  m: i32;
  /** Transformed filters, packed; see filters.ts. */
  weight: usize;
  /** The memory that the call works in: those of the sections below that its kernel needs. 0 asks for its size. */
  workspace: usize;
  /** A {@link Tile} for each tile of a block, rounded up to four. */
  table: usize;
  /** The rows and columns of a channel that a block sees, with their padding. */
  frame: usize;
  /** Transformed tiles of the inputs. */
  transformed: usize;
  /** Transformed tiles of the gradients in the output. */
  gradients: usize;
  /** The products of a block, or their sums over all blocks. */
  products: usize;
  /** Vectors between the two one-dimensional transforms, and rows that wait to be packed. */
  spare: usize;
}

/** Where a tile lies, and how much of it exists. */
// @ts-ignore: decorator
@unmanaged
export class Tile {
  /** Bytes from the frame to the tile's first input. */
  input: usize;
  /** Bytes from channel 0 of the group to the tile's first output. */
  output: usize;
  /** Rows of its output that exist. */
  rows: i32;
  /** Columns of its output that exist. */
  columns: i32;
}

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

/** The next multiple of four: tiles and channels fill whole vectors. */
// @ts-ignore: decorator
@inline
export function roundUpToFour(n: i32): i32 {
  return (n + 3) & ~3;
}

/** Rows of tiles that a block of the call sees, at most. */
export function stripsOf(m: i32, args: Winograd): i32 {
  return tilesAlong(tilesAlong(m, args.outWidth), args.tiles - 1) + 1;
}

/** Bytes of a row of the frame: all tiles of a row of them, rounded up to whole vectors. */
export function frameRowBytes(m: i32, args: Winograd): usize {
  return (<usize>((tilesAlong(m, args.outWidth) * m + 5) & ~3)) << 2;
}

/** Bytes from one panel to the next: a cache line more than a panel takes, lest all fall into the same cache set. */
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

/** Bytes of one place's filters of so many output channels. */
export function filterBytes(args: Winograd, outs: i32): usize {
  return (<usize>(rowPanels(outs) * TILE_ROWS * args.channels)) << 2;
}

/** Bytes of a group's transformed filters. */
export function groupBytes(m: i32, args: Winograd): usize {
  return <usize>placesOf(m) * filterBytes(args, args.outChannels);
}

/** Bytes of `spare` that transforms of four tiles take: the vectors of all places, and those of their results. */
// @ts-ignore: decorator
@inline
export function squareBytes(m: i32): usize {
  return (<usize>(placesOf(m) + m * m)) << 4;
}
