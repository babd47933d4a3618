/**
 * The outputs y = act(Aᵀ M A + bias + residual) of a block of tiles and some output channels. The lanes of a vector are four
 * tiles. At the end the kernel transposes rows of four tiles and stores them.
 */
import { Activation, finish } from '../../gemm/block';
import { literal, N2, N4, N6 } from '../../simd/literal';
import { storeLanes } from '../../simd/partial';
import { productBytes, productRowBytes, Tile, Winograd } from './winograd';
import { transformOutput } from './transforms';

/** Stores one row of one tile: up to four values of `low` and, if m > 4, the values of `high` behind them. */
// @ts-ignore: decorator
@inline
function storeRow(m: i32, to: usize, residual: usize, relu: bool, low: v128, high: v128, columns: i32): void {
  if (residual) {
    low = f32x4.add(low, v128.load(residual));
    if (m > 4) high = f32x4.add(high, v128.load(residual, 16));
  }
  if (relu) {
    low = f32x4.pmax(low, f32x4.splat(0));
    if (m > 4) high = f32x4.pmax(high, f32x4.splat(0));
  }
  if (m >= 4 && columns >= 4) v128.store(to, low);
  else storeLanes(to, low, columns);
  if (m > 4 && columns > 4) storeLanes(to + 16, high, columns - 4);
}

/** Aᵀ of `lines` lines of vectors. Lines are fromNext bytes apart, the vectors of a line fromStep bytes. */
// @ts-ignore: decorator
@inline
function transformLines(
  m: i32,
  from: usize,
  fromNext: usize,
  fromStep: usize,
  to: usize,
  toNext: usize,
  toStep: usize,
  lines: i32,
): void {
  for (; lines > 0; lines--) {
    transformOutput(
      m,
      v128.load(from),
      v128.load(from + fromStep),
      v128.load(from + 2 * fromStep),
      v128.load(from + 3 * fromStep),
      m > 2 ? v128.load(from + 4 * fromStep) : f32x4.splat(0),
      m > 2 ? v128.load(from + 5 * fromStep) : f32x4.splat(0),
      m > 4 ? v128.load(from + 6 * fromStep) : f32x4.splat(0),
      m > 4 ? v128.load(from + 7 * fromStep) : f32x4.splat(0),
      to,
      toStep,
    );
    from += fromNext;
    to += toNext;
  }
}

/** Aᵀ M A of four tiles, whose products are at `from`, placeStep bytes apart. Returns the address of m rows of m vectors. */
// @ts-ignore: decorator
@inline
function transformSquare(m: i32, from: usize, placeStep: usize, spare: usize): usize {
  const size = m + 2;
  const step = <usize>size * placeStep;
  const rowBytes = <usize>size * 16;
  const results = spare + <usize>size * rowBytes;
  transformLines(m, from, placeStep, step, spare, 16, rowBytes, size);
  transformLines(m, spare, rowBytes, 16, results, <usize>m * 16, 16, m);
  return results;
}

/** Writes the outputs of four tiles of one output channel. Their products are at `from`, placeStep bytes apart. */
// @ts-ignore: decorator
@inline
function transformFour(
  m: i32,
  args: Winograd,
  from: usize,
  placeStep: usize,
  table: usize,
  y: usize,
  residual: usize,
  bias: v128,
): void {
  let results = transformSquare(m, from, placeStep, args.spare);
  const t0 = changetype<Tile>(table);
  const t1 = changetype<Tile>(table + offsetof<Tile>());
  const t2 = changetype<Tile>(table + 2 * offsetof<Tile>());
  const t3 = changetype<Tile>(table + 3 * offsetof<Tile>());
  const relu = args.activation == Activation.Relu;
  const rowBytes = (<usize>args.outWidth) << 2;
  let offset: usize = 0;
  for (let row = 0; row < m; row++) {
    const a = f32x4.add(v128.load(results), bias);
    const b = f32x4.add(v128.load(results, 16), bias);
    const c = m > 2 ? f32x4.add(v128.load(results, 32), bias) : a;
    const d = m > 2 ? f32x4.add(v128.load(results, 48), bias) : b;
    const e = m > 4 ? f32x4.add(v128.load(results, 64), bias) : a;
    const f = m > 4 ? f32x4.add(v128.load(results, 80), bias) : b;
    const ab01 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const ab23 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cd01 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const cd23 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    const ef01 = v128.shuffle<i32>(e, f, 0, 4, 1, 5);
    const ef23 = v128.shuffle<i32>(e, f, 2, 6, 3, 7);
    const ef11 = v128.shuffle<i64>(ef01, ef01, 1, 1);
    const ef33 = v128.shuffle<i64>(ef23, ef23, 1, 1);
    const to0 = t0.output + offset;
    const to1 = t1.output + offset;
    const to2 = t2.output + offset;
    const to3 = t3.output + offset;
    const r0 = residual ? residual + to0 : 0;
    const r1 = residual ? residual + to1 : 0;
    const r2 = residual ? residual + to2 : 0;
    const r3 = residual ? residual + to3 : 0;
    if (row < t0.rows) storeRow(m, y + to0, r0, relu, v128.shuffle<i64>(ab01, cd01, 0, 2), ef01, t0.columns);
    if (row < t1.rows) storeRow(m, y + to1, r1, relu, v128.shuffle<i64>(ab01, cd01, 1, 3), ef11, t1.columns);
    if (row < t2.rows) storeRow(m, y + to2, r2, relu, v128.shuffle<i64>(ab23, cd23, 0, 2), ef23, t2.columns);
    if (row < t3.rows) storeRow(m, y + to3, r3, relu, v128.shuffle<i64>(ab23, cd23, 1, 3), ef33, t3.columns);
    offset += rowBytes;
    results += <usize>m * 16;
  }
}

/** Applies a costly activation (sigmoid or tanh) to the stored outputs of a block of tiles. */
function activateTiles(args: Winograd, y: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const tile = changetype<Tile>(args.table + <usize>i * offsetof<Tile>());
    finish(y + tile.output, (<usize>args.outWidth) << 2, tile.rows, tile.columns, 0, args.activation);
  }
}

/** Writes the outputs of all tiles of a block, for one output channel. */
function transformTiles<M>(args: Winograd, from: usize, y: usize, residual: usize, bias: v128, count: i32): void {
  const m = literal<M>();
  const placeStep = productBytes(args);
  for (let i = 0; i < count; i += 4) {
    const table = args.table + <usize>i * offsetof<Tile>();
    transformFour(m, args, from + ((<usize>i) << 2), placeStep, table, y, residual, bias);
  }
}

/** Writes output channels [first, first + outs) of a group, for a block of tiles that listTiles has listed. */
export function transformProducts(m: i32, args: Winograd, group: i32, first: i32, outs: i32, count: i32): void {
  const planeBytes = (<usize>(args.outHeight * args.outWidth)) << 2;
  const rowBytes = productRowBytes(args);
  const isCostly = args.activation > Activation.Relu;
  for (let o = 0; o < outs; o++) {
    const channel = <usize>(group * args.outChannels + first + o);
    const from = args.products + <usize>o * rowBytes;
    const y = args.y + channel * planeBytes;
    const residual = args.residual ? args.residual + channel * planeBytes : 0;
    const bias = args.bias ? v128.load32_splat(args.bias + (channel << 2)) : f32x4.splat(0);
    if (m == 2) transformTiles<N2>(args, from, y, residual, bias, count);
    else if (m == 4) transformTiles<N4>(args, from, y, residual, bias, count);
    else transformTiles<N6>(args, from, y, residual, bias, count);
    if (isCostly) activateTiles(args, y, count);
  }
}
