/**
 * Float32 matrix products: C = act(op(A)·op(B) + bias + residual), batched. After K. Goto and R. van de Geijn, "Anatomy of
 * high-performance matrix multiplication", 2008:
 *
 *     for each NC columns of C                       B block: KC × NC, packed, stays in the last-level cache
 *       for each KC of the sums                      A block: MC × KC, packed, stays in the second-level cache
 *         for each MC rows: all tiles of the block   B panel: KC × 8, stays in the first-level cache
 *
 * Tiles can read B as given and A transposed where they lie. Such an operand is packed only if tiles read it often enough. All
 * other operands are packed. dots.ts and blend.ts multiply few rows.
 */
import { behind } from '../workspace';
import { Activation, behindWork, Block, finish, multiplyBlock, prepareBlock, Work } from './block';
import { KC, MC, NC } from './blocking';
import { blend } from './blend';
import { dots } from './dots';
import { bytesOf, expandColumns, Format } from './format';
import {
  columnPanelBytes,
  columnPanels,
  packColumns,
  packColumnsTransposed,
  packRows,
  packRowsTransposed,
  rowPanelBytes,
  rowPanels,
} from './pack';
import { multiplyPanels } from './panel-row';
import { TILE_COLUMNS, TILE_ROWS } from './tile';

/** How the kernel reads B. The host chooses the fastest way; see src/backends/wasm/calls/reading.ts. */
export const enum Reading {
  /** Tiles read B where it lies. */
  InPlace,
  /** Tiles read packed panels. */
  Packed,
  /** The kernels for few rows, or for a single column, read B once. */
  Whole,
}

/** Packing A pays if each of its panels is read more often than this. */
const WORTH_PACKING: i32 = 4;

/** Columns of a block of B that is expanded for few rows. The block stays in the second-level cache until it is used. */
const EXPANDED_COLUMNS: i32 = 64;

/** The arguments of a product. src/backends/wasm/calls/gemm.ts writes them. */
// @ts-ignore: decorator
@unmanaged
export class Gemm {
  /** Matrices of the batch. */
  batch: i32;
  /** Rows of C. */
  m: i32;
  /** Columns of C. */
  n: i32;
  /** Length of the sums. */
  k: i32;
  /** A: (batch, m, k), or (batch, k, m) if `transA`. */
  a: usize;
  /** B: (batch, k, n), or (batch, n, k) if `transB`. */
  b: usize;
  /** C: (batch, m, n). */
  c: usize;
  /** Bytes from one matrix of A to the next; 0 if all products read the same matrix. */
  aBatch: usize;
  /** Bytes from one matrix of B to the next; 0 if all products read the same matrix. */
  bBatch: usize;
  /** Bytes from one matrix of C to the next. */
  cBatch: usize;
  /** 1 if A is transposed. */
  transA: i32;
  /** 1 if B is transposed. */
  transB: i32;
  /** The bias (n); 0 if there is none. */
  bias: usize;
  /** The function that is applied to the results. */
  activation: Activation;
  /** The residual, shaped as C; 0 if there is none. */
  residual: usize;
  /** The format of B: the kernel reads `b` if it is `Given`, and otherwise `weight`, packed in this format. */
  format: Format;
  /** B packed by weight.ts. */
  weight: usize;
  /** Bytes from one panel of `weight` to the next. */
  weightStep: usize;
  /** For int8: the scale of each column of `weight`. */
  scales: usize;
  /** Bytes from one row of `b` to the next. The rows may be wider than n, because a thread computes some of the columns. */
  bStep: usize;
  /** Bytes from one row of C to the next. */
  cStep: usize;
  /** How the kernel reads B. */
  reading: Reading;
  /** The workspace, whose sections follow. If it is 0, the kernel returns the bytes that it needs and computes nothing. */
  workspace: usize;
  /** A block of A, packed. */
  packedA: usize;
  /** A block of B, packed or expanded. */
  packedB: usize;
}

/** Sets the addresses of the workspace's sections. Returns the bytes of the workspace. */
export function layOut(args: Gemm): usize {
  const k = min(args.k, KC);
  args.packedA = behindWork(args.workspace);
  args.packedB = behind(args.packedA, rowPanels(min(args.m, MC)), rowPanelBytes(k));
  return behind(args.packedB, columnPanels(min(args.n, NC)), columnPanelBytes(k)) - args.workspace;
}

/** Points the block at columns [jc, jc + n) and rows [pc, pc + k) of the packed B, and expands them unless they are float32. */
function takePanels(args: Gemm, jc: i32, pc: i32, block: Block): void {
  const panel = args.weightStep;
  let from = args.weight + <usize>(jc / TILE_COLUMNS) * panel + <usize>(pc * TILE_COLUMNS) * bytesOf(args.format);
  block.bStep = TILE_COLUMNS * 4;
  if (args.format == Format.Float32) {
    block.b = from;
    block.bPanel = panel;
    return;
  }
  block.b = args.packedB;
  block.bPanel = columnPanelBytes(block.k);
  let to = args.packedB;
  for (let j = 0; j < block.n; j += TILE_COLUMNS) {
    expandColumns(from, args.format, args.scales + ((<usize>(jc + j)) << 2), block.k, to);
    from += panel;
    to += block.bPanel;
  }
}

/** One product of the batch, by blocks. */
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
    // If k is 0, one iteration is still needed: it writes the bias.
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
            columnPanelBytes(kc),
          );
        block.b = args.packedB;
        block.bStep = TILE_COLUMNS * 4;
        block.bPanel = columnPanelBytes(kc);
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
            packRows(a + <usize>ic * aStep + ((<usize>pc) << 2), aStep, block.m, kc, args.packedA, rowPanelBytes(kc));
          block.a = args.packedA;
          block.aStep = TILE_ROWS * 4;
          block.aPanel = rowPanelBytes(kc);
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
          block.init = args.bias ? args.bias + ((<usize>jc) << 2) : args.workspace + Work.Zeros;
          block.initStep = 0;
          block.initDown = 0;
          block.initRight = args.bias ? <usize>TILE_COLUMNS * 4 : 0;
        }
        multiplyBlock(block);
      }
    }
  }
}

/** One product of few rows, or of a single column. The vectors are the rows of A, or the column of B. */
function narrowProduct(args: Gemm, a: usize, b: usize, c: usize, residual: usize): void {
  const m = args.m;
  const n = args.n;
  const k = args.k;
  const aStep = (<usize>k) << 2;
  const bias = args.bias;
  const zeros = args.workspace + Work.Zeros;
  if (args.format != Format.Given) {
    multiplyPanels(args.format, args.weight, args.scales, n, a, k, bias, zeros, args.workspace + Work.Spare, c);
  } else if (n == 1 && m > 1 && args.transA) {
    // A single column has a single bias, which belongs to every row.
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

/** All products of a batch; m, n > 0. Returns the bytes of the workspace. */
export function gemm(args: Gemm): usize {
  const bytes = layOut(args);
  if (args.workspace == 0) return bytes;
  const block = prepareBlock(args.workspace);
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
  return bytes;
}
