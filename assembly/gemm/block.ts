/**
 * The product of one block of A and one block of B: all tiles of a block of C. A panel of B (8 columns) stays in the
 * first-level cache while the panels of A pass by.
 *
 *                 ┌──┬──┬──┬──┐ k        C is visited panel by panel of B, top to bottom;
 *                 │B₀│B₁│  │  │          ragged tiles at the right and the bottom are computed beside C
 *           ┌──┐  ├──┼──┼──┼──┤          and only what exists of them is copied.
 *           │A₀│  │1 │4 │  │  │
 *           │A₁│  │2 │5 │  │  │
 *           │A₂│  │3 │… │  │  │
 *           └──┘  └──┴──┴──┴──┘
 */
import { sigmoid, tanh } from '../math/sigmoid';
import { storeLanes } from '../simd/partial';
import { anyTile, fullTile, TILE_COLUMNS, TILE_ROWS } from './tile';

/** What is applied before a result is stored, numbered as src/backends/wasm/products.ts lists them. */
export const enum Activation {
  None,
  Relu,
  Sigmoid,
  Tanh,
}

/** A block as tiles see it. Distances are in bytes. */
// @ts-ignore: decorator
@unmanaged
export class Block {
  /** Rows, columns, and length of the sums. */
  m: i32;
  n: i32;
  k: i32;
  /** The first panel of A, its distance for each k, and from a panel to the next. */
  a: usize;
  aStep: usize;
  aPanel: usize;
  /** The same of B. */
  b: usize;
  bStep: usize;
  bPanel: usize;
  /** Where accumulators begin: distance of rows, from a tile to the one below, and to the one on its right. */
  init: usize;
  initStep: usize;
  initDown: usize;
  initRight: usize;
  c: usize;
  cStep: usize;
  activation: Activation;
  /** 192 bytes for a ragged tile. */
  spare: usize;
}

// @ts-ignore: decorator
@inline
function activated(x: v128, activation: Activation): v128 {
  if (activation == Activation.Relu) return f32x4.pmax(x, f32x4.splat(0));
  if (activation == Activation.Sigmoid) return sigmoid(x);
  return tanh(x);
}

/** Applies an activation to rows × columns at c. */
export function activate(c: usize, cStep: usize, rows: i32, columns: i32, activation: Activation): void {
  for (; rows > 0; rows--) {
    let at = c;
    for (let left = columns; left > 0; left -= 4) {
      const y = activated(v128.load(at), activation);
      if (left >= 4) v128.store(at, y);
      else storeLanes(at, y, left);
      at += 16;
    }
    c += cStep;
  }
}

/** Copies rows × columns of a ragged tile, whose rows are 32 bytes apart. */
function copyTile(from: usize, to: usize, toStep: usize, rows: i32, columns: i32): void {
  for (; rows > 0; rows--) {
    if (columns >= 4) {
      v128.store(to, v128.load(from));
      if (columns == 8) v128.store(to, v128.load(from, 16), 16);
      else storeLanes(to + 16, v128.load(from, 16), columns - 4);
    } else {
      storeLanes(to, v128.load(from), columns);
    }
    from += 32;
    to += toStep;
  }
}

/** C = act(init + A·B) for one block. */
export function multiplyBlock(block: Block): void {
  const k = block.k;
  const aStep = block.aStep;
  const bStep = block.bStep;
  const initStep = block.initStep;
  const cStep = block.cStep;
  const activation = block.activation;
  for (let j = 0; j < block.n; j += TILE_COLUMNS) {
    const columns = min(TILE_COLUMNS, block.n - j);
    const panel = <usize>j / TILE_COLUMNS;
    const b = block.b + panel * block.bPanel;
    let a = block.a;
    let init = block.init + panel * block.initRight;
    let c = block.c + (<usize>j << 2);
    for (let i = 0; i < block.m; i += TILE_ROWS) {
      const rows = min(TILE_ROWS, block.m - i);
      if (rows == TILE_ROWS && columns == TILE_COLUMNS) {
        fullTile(k, a, aStep, b, bStep, init, initStep, c, cStep);
      } else if ((columns & 3) == 0) {
        anyTile(rows, columns, k, a, aStep, b, bStep, init, initStep, c, cStep);
      } else {
        anyTile(rows, columns, k, a, aStep, b, bStep, init, initStep, block.spare, 32);
        copyTile(block.spare, c, cStep, rows, columns);
      }
      if (activation != Activation.None) activate(c, cStep, rows, columns, activation);
      a += block.aPanel;
      init += block.initDown;
      c += cStep * TILE_ROWS;
    }
  }
}
