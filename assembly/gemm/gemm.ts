/**
 * Float32 matrix products: C = act(op(A)·op(B) + bias + residual), batched. After K. Goto and R. van de Geijn, "Anatomy of
 * high-performance matrix multiplication", 2008:
 *
 *     for each NC columns of C                       B block: KC × NC, packed, lives in the last cache
 *       for each KC of the sums                      A block: MC × KC, packed, lives in the second cache
 *         for each MC rows: all tiles of the block   B panel: KC × 8, lives in the first cache
 *
 * An operand is packed unless it already lies as panels do (B as given, A transposed) and is used too seldom to
 * repay the packing. Few rows are multiplied by dots.ts and blend.ts.
 */
import { Activation, Block, finish, multiplyBlock } from './block';
import { KC, MC, NC } from './blocking';
import { blend } from './blend';
import { dots } from './dots';
import { bytesOf, expandColumns, Format } from './format';
import { packColumns, packColumnsTransposed, packRows, packRowsTransposed } from './pack';
import { multiplyPanels } from './panel-row';
import { TILE_COLUMNS, TILE_ROWS } from './tile';

/** How B, as it was given, is read: src/backends/wasm/products.ts says which is the fastest. */
export const enum Reading {
  InPlace,
  Packed,
  /** By the kernels for few rows, or a single column. */
  Whole,
}

/** A panel of A that is read in place must be read at least this often before packing it pays. */
const WORTH_PACKING: i32 = 4;

/** Columns of a block of B that is expanded for few rows: it stays in the second cache until it is used. */
const EXPANDED_COLUMNS: i32 = 64;

/** The arguments, as src/backends/wasm/products.ts writes them. Steps between matrices are in bytes, 0 repeats one. */
// @ts-ignore: decorator
@unmanaged
export class Gemm {
  batch: i32;
  m: i32;
  n: i32;
  k: i32;
  a: usize;
  b: usize;
  c: usize;
  aBatch: usize;
  bBatch: usize;
  cBatch: usize;
  transA: i32;
  transB: i32;
  /** For each column; 0 if there is none. */
  bias: usize;
  activation: Activation;
  /** Shaped as C; 0 if there is none. */
  residual: usize;
  /** What `b` is: the matrix as it was given, or packed once by weight.ts; and the scales of its columns if int8. */
  format: Format;
  scales: usize;
  /** Room for a block of A, a block of B, and {@link Work}. */
  packedA: usize;
  packedB: usize;
  work: usize;
  /** From a row of B as it was given, and of C, to the next: they may be parts of wider ones. */
  bStep: usize;
  cStep: usize;
  reading: Reading;
}

/** Small room that a product needs: 32 zero bytes, a ragged tile, the description of the block. */
export const enum Work {
  Zeros = 0,
  Spare = 32,
  Block = 224,
}

/** Fills the parts of a block's description that no loop changes. */
// @ts-ignore: decorator
@inline
export function prepareBlock(work: usize): Block {
  v128.store(work, f32x4.splat(0));
  v128.store(work, f32x4.splat(0), 16);
  const block = changetype<Block>(work + Work.Block);
  block.spare = work + Work.Spare;
  return block;
}

/** Lets the block have columns [jc, jc + n) and rows [pc, pc + k) of a B that is packed, expanding it if need be. */
function takePanels(args: Gemm, jc: i32, pc: i32, block: Block): void {
  const panel = <usize>args.k * TILE_COLUMNS * bytesOf(args.format);
  let from = args.b + <usize>(jc / TILE_COLUMNS) * panel + <usize>(pc * TILE_COLUMNS) * bytesOf(args.format);
  block.bStep = TILE_COLUMNS * 4;
  if (args.format == Format.Float32) {
    block.b = from;
    block.bPanel = panel;
    return;
  }
  block.b = args.packedB;
  block.bPanel = <usize>block.k * (TILE_COLUMNS * 4);
  let to = args.packedB;
  for (let j = 0; j < block.n; j += TILE_COLUMNS) {
    expandColumns(from, args.format, args.scales + ((<usize>(jc + j)) << 2), block.k, to);
    from += panel;
    to += block.bPanel;
  }
}

function product(args: Gemm, a: usize, b: usize, c: usize, residual: usize, block: Block): void {
  const m = args.m;
  const n = args.n;
  const k = args.k;
  const cStep = args.cStep;
  const aStep = (<usize>(args.transA ? m : k)) << 2;
  const bStep = args.bStep;
  const packsA = !args.transA || n > WORTH_PACKING * TILE_COLUMNS;
  const packsB = args.reading == Reading.Packed;
  const nc = args.format > Format.Float32 && m <= MC ? EXPANDED_COLUMNS : NC;
  block.cStep = cStep;
  for (let jc = 0; jc < n; jc += nc) {
    block.n = min(nc, n - jc);
    // Of no terms a sum is what it begins with, so there is always a first block.
    for (let pc = 0; pc == 0 || pc < k; pc += KC) {
      const kc = min(KC, k - pc);
      block.k = kc;
      if (args.format != Format.Given) {
        takePanels(args, jc, pc, block);
      } else if (packsB) {
        if (args.transB)
          packColumnsTransposed(b + <usize>jc * bStep + ((<usize>pc) << 2), bStep, block.n, kc, args.packedB);
        else
          packColumns(
            b + <usize>pc * bStep + ((<usize>jc) << 2),
            bStep,
            block.n,
            kc,
            args.packedB,
            <usize>kc * (TILE_COLUMNS * 4),
          );
        block.b = args.packedB;
        block.bStep = TILE_COLUMNS * 4;
        block.bPanel = <usize>kc * (TILE_COLUMNS * 4);
      } else {
        block.b = b + <usize>pc * bStep + ((<usize>jc) << 2);
        block.bStep = bStep;
        block.bPanel = TILE_COLUMNS * 4;
      }
      const isLast = pc + kc == k;
      block.activation = isLast ? args.activation : Activation.None;
      for (let ic = 0; ic < m; ic += MC) {
        block.m = min(MC, m - ic);
        if (packsA) {
          if (args.transA)
            packRowsTransposed(a + <usize>pc * aStep + ((<usize>ic) << 2), aStep, block.m, kc, args.packedA);
          else
            packRows(
              a + <usize>ic * aStep + ((<usize>pc) << 2),
              aStep,
              block.m,
              kc,
              args.packedA,
              <usize>kc * (TILE_ROWS * 4),
            );
          block.a = args.packedA;
          block.aStep = TILE_ROWS * 4;
          block.aPanel = <usize>kc * (TILE_ROWS * 4);
        } else {
          block.a = a + <usize>pc * aStep + ((<usize>ic) << 2);
          block.aStep = aStep;
          block.aPanel = TILE_ROWS * 4;
        }
        const offset = <usize>ic * cStep + ((<usize>jc) << 2);
        block.c = c + offset;
        block.residual = isLast && residual ? residual + offset : 0;
        if (pc > 0) {
          block.init = block.c;
          block.initStep = cStep;
          block.initDown = cStep * TILE_ROWS;
          block.initRight = TILE_COLUMNS * 4;
        } else {
          block.init = args.bias ? args.bias + ((<usize>jc) << 2) : args.work + Work.Zeros;
          block.initStep = 0;
          block.initDown = 0;
          block.initRight = args.bias ? <usize>TILE_COLUMNS * 4 : 0;
        }
        multiplyBlock(block);
      }
    }
  }
}

/** A product of few rows or a single column, whose vectors are the rows of A, or the column of B. */
function narrowProduct(args: Gemm, a: usize, b: usize, c: usize, residual: usize): void {
  const m = args.m;
  const n = args.n;
  const k = args.k;
  const aStep = (<usize>k) << 2;
  const bias = args.bias;
  const zeros = args.work + Work.Zeros;
  if (args.format != Format.Given) {
    multiplyPanels(args.format, b, args.scales, n, a, k, bias, zeros, args.work + Work.Spare, c);
  } else if (n == 1 && m > 1 && args.transA) {
    // The one bias belongs to every row.
    if (bias) for (let i: usize = 0; i < <usize>m; i++) store<f32>(c + (i << 2), load<f32>(bias));
    blend(a, (<usize>m) << 2, m, b, 0, 4, 1, k, bias ? c : 0, c, 0);
  } else if (n == 1) {
    dots(a, aStep, m, b, 0, 1, k, bias || zeros, true, c, 0);
  } else if (args.transB) {
    dots(b, args.bStep, n, a, aStep, m, k, bias || zeros, !bias, c, args.cStep);
  } else {
    const isTurned = <bool>args.transA;
    blend(b, args.bStep, n, a, isTurned ? 4 : aStep, isTurned ? (<usize>m) << 2 : 4, m, k, bias, c, args.cStep);
  }
  finish(c, args.cStep, m, n, residual, args.activation);
}

/** All products of a batch; m, n > 0. */
export function gemm(args: Gemm): void {
  const block = prepareBlock(args.work);
  let a = args.a;
  let b = args.b;
  let c = args.c;
  let residual = args.residual;
  for (let i = 0; i < args.batch; i++) {
    if (args.reading == Reading.Whole) narrowProduct(args, a, b, c, residual);
    else product(args, a, b, c, residual, block);
    a += args.aBatch;
    b += args.bBatch;
    c += args.cBatch;
    if (residual) residual += args.cBatch;
  }
}
