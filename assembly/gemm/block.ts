/**
 * The product of one block of A and one block of B: all tiles of a block of C. A panel of B (8 columns) stays in the
 * first-level cache while the panels of A pass by.
 *
 *                 ┌──┬──┬──┬──┐ k        The tiles of C are computed panel by panel of B, top to bottom.
 *                 │B₀│B₁│  │  │          A ragged tile overhangs C at the right or the bottom. It is computed
 *           ┌──┐  ├──┼──┼──┼──┤          in spare memory, and its elements inside C are copied.
 *           │A₀│  │1 │4 │  │  │
 *           │A₁│  │2 │5 │  │  │
 *           │A₂│  │3 │… │  │  │
 *           └──┘  └──┴──┴──┴──┘
 */
import { sigmoid, tanh } from '../math/sigmoid';
import { storeFirst } from '../simd/partial';
import { behind } from '../workspace';
import { columnTile } from './column-tile';
import { anyTile, fullTile, TILE_COLUMNS, TILE_ROWS } from './tile';

/** The function that a product applies to its results before it stores them. */
export const enum Activation {
  None,
  Relu,
  Sigmoid,
  Tanh,
}

/** The description of one block of a product. */
// @ts-ignore: decorator
@unmanaged
export class Block {
  /** Rows of the block. */
  m: i32;
  /** Columns of the block. */
  n: i32;
  /** Length of the sums. */
  k: i32;
  /** The first panel of A. */
  a: usize;
  /** Bytes from one k to the next in a panel of A. */
  aStep: usize;
  /** Bytes from one panel of A to the next. */
  aPanel: usize;
  /** The first panel of B. */
  b: usize;
  /** Bytes from one k to the next in a panel of B. */
  bStep: usize;
  /** Bytes from one panel of B to the next. */
  bPanel: usize;
  /** The values with which the accumulators of the first tile begin. */
  init: usize;
  /** Bytes from one row of these values to the next. */
  initStep: usize;
  /** Bytes from the first values of a tile to the first values of the tile below. */
  initDown: usize;
  /** Bytes from the first values of a tile to the first values of the tile on its right. */
  initRight: usize;
  /** The block of C. */
  c: usize;
  /** Bytes from one row of C to the next. */
  cStep: usize;
  /** The function that is applied to the results of this block. */
  activation: Activation;
  /** The address of the residual, whose rows are cStep bytes apart; 0 if there is none. */
  residual: usize;
  /** The address of 192 bytes for a ragged tile. */
  spare: usize;
}

/** Offsets in the first section of a product's workspace. */
export const enum Work {
  /** 32 zero bytes: the initial values of accumulators without a bias. */
  Zeros = 0,
  /** 192 bytes for a ragged tile. */
  Spare = 32,
  /** The {@link Block}. */
  Block = 224,
}

/** Where the section behind {@link Work} begins. */
export function behindWork(workspace: usize): usize {
  return behind(workspace, 1, Work.Block + offsetof<Block>());
}

/** Clears {@link Work} at the start of a workspace, and returns its block with the fields set that no loop changes. */
// @ts-ignore: decorator
@inline
export function prepareBlock(workspace: usize): Block {
  v128.store(workspace, f32x4.splat(0));
  v128.store(workspace, f32x4.splat(0), 16);
  const block = changetype<Block>(workspace + Work.Block);
  block.spare = workspace + Work.Spare;
  return block;
}

/** act(x), for four lanes. */
// @ts-ignore: decorator
@inline
function activated(x: v128, activation: Activation): v128 {
  if (activation == Activation.Relu) return f32x4.pmax(x, f32x4.splat(0));
  if (activation == Activation.Sigmoid) return sigmoid(x);
  if (activation == Activation.Tanh) return tanh(x);
  return x;
}

/** {@link finish} for one activation. `activation` is a literal at every call, so the loop contains no branch on it. */
// @ts-ignore: decorator
@inline
function finishWith(activation: Activation, c: usize, cStep: usize, rows: i32, columns: i32, residual: usize): void {
  for (; rows > 0; rows--) {
    let at = c;
    let from = residual;
    for (let left = columns; left > 0; left -= 4) {
      let y = v128.load(at);
      if (residual) y = f32x4.add(y, v128.load(from));
      storeFirst(at, activated(y, activation), left);
      at += 16;
      from += 16;
    }
    c += cStep;
    if (residual) residual += cStep;
  }
}

/** c = act(c + residual) for rows × columns. Rows of both are cStep bytes apart. A residual of 0 means none. */
export function finish(c: usize, cStep: usize, rows: i32, columns: i32, residual: usize, activation: Activation): void {
  if (activation == Activation.Relu) finishWith(Activation.Relu, c, cStep, rows, columns, residual);
  else if (activation == Activation.Sigmoid) finishWith(Activation.Sigmoid, c, cStep, rows, columns, residual);
  else if (activation == Activation.Tanh) finishWith(Activation.Tanh, c, cStep, rows, columns, residual);
  else if (residual) finishWith(Activation.None, c, cStep, rows, columns, residual);
}

/** Copies rows × columns of a ragged tile. The rows of the tile are 32 bytes apart. */
function copyTile(from: usize, to: usize, toStep: usize, rows: i32, columns: i32): void {
  for (; rows > 0; rows--) {
    storeFirst(to, v128.load(from), columns);
    if (columns > 4) storeFirst(to + 16, v128.load(from, 16), columns - 4);
    from += 32;
    to += toStep;
  }
}

/** C = act(init + A·B + residual) for one block. */
export function multiplyBlock(block: Block): void {
  const k = block.k;
  const aStep = block.aStep;
  const bStep = block.bStep;
  const initStep = block.initStep;
  const cStep = block.cStep;
  const activation = block.activation;
  const residual = block.residual;
  for (let j = 0; j < block.n; j += TILE_COLUMNS) {
    const columns = min(TILE_COLUMNS, block.n - j);
    const panel = <usize>j / TILE_COLUMNS;
    const b = block.b + panel * block.bPanel;
    let a = block.a;
    let init = block.init + panel * block.initRight;
    let c = block.c + ((<usize>j) << 2);
    for (let i = 0; i < block.m; i += TILE_ROWS) {
      const rows = min(TILE_ROWS, block.m - i);
      if (rows == TILE_ROWS && columns == TILE_COLUMNS) {
        fullTile(k, a, aStep, b, bStep, init, initStep, c, cStep);
      } else if (columns == 1) {
        columnTile(rows, k, a, aStep, b, bStep, init, initStep, c, cStep);
      } else if ((columns & 3) == 0) {
        anyTile(rows, columns, k, a, aStep, b, bStep, init, initStep, c, cStep);
      } else {
        anyTile(rows, columns, k, a, aStep, b, bStep, init, initStep, block.spare, 32);
        copyTile(block.spare, c, cStep, rows, columns);
      }
      a += block.aPanel;
      init += block.initDown;
      c += cStep * TILE_ROWS;
    }
    // With a residual, finish each panel while it is in the cache; without one, a pass over whole rows is faster.
    const first = (<usize>j) << 2;
    if (residual) finish(block.c + first, cStep, block.m, columns, residual + first, activation);
  }
  if (!residual) finish(block.c, cStep, block.m, block.n, 0, activation);
}
