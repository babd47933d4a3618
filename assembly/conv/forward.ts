/**
 * A convolution as a matrix product, W·columns. Only one block of the column matrix exists at a time, as packed panels:
 *
 *       W (O × q)        columns (q × pixels)        y (O × pixels)
 *     ┌──────────┐      ┌───┬───┬───┐               ┌───┬───┬───┐
 *     │ packed   │   ·  │ B │   │   │  KC q high    │ C │   │   │
 *     │ once     │      ├───┼───┼───┤               └───┴───┴───┘
 *     └──────────┘      │   │   │   │               a block of pixels: rows of one image,
 *                       └───┴───┴───┘               or several small images
 */
import { Activation, behindWork, Block, finish, multiplyBlock, prepareBlock, Work } from '../gemm/block';
import { KC, MC } from '../gemm/blocking';
import { bytesOf, expandRows, Format } from '../gemm/format';
import { columnPanels, packColumns, rowPanelBytes, rowPanels } from '../gemm/pack';
import { TILE_COLUMNS, TILE_ROWS } from '../gemm/tile';
import { behind } from '../workspace';
import { blockPixels, channelOfX, channelOfY, Convolution, filterSize, isPointwise, residualOf } from './convolution';
import { packGroup, paddedChannels } from './filters';
import { isWholeRuns, writeColumnPanels, writeColumnRow } from './column-row';

/** Bytes from one panel of B to the next. One cache line more than a panel takes spreads the panels over all cache sets. */
// @ts-ignore: decorator
@inline
export function panelBytes(k: i32): usize {
  return <usize>k * (TILE_COLUMNS * 4) + 64;
}

/** Bytes of a bias that is repeated eight times. */
const BIAS_BYTES: usize = 32;

/**
 * Sets the addresses of the workspace's sections. A section that the call does not need is empty. Returns the bytes of the
 * workspace.
 */
export function layOut(args: Convolution): usize {
  const m = args.outChannels;
  const q = filterSize(args);
  const pixels = blockPixels(args);
  args.packedA = behindWork(args.workspace);
  args.packedB = behind(args.packedA, args.format == Format.Given ? paddedChannels(args) : 0, (<usize>q) << 2);
  args.row = behind(args.packedB, columnPanels(pixels), panelBytes(min(q, KC)));
  args.results = behind(args.row, pixels, 4);
  args.biases = behind(args.results, args.images > 1 ? m : 0, (<usize>pixels) << 2);
  args.expanded = behind(args.biases, args.bias ? m : 0, BIAS_BYTES);
  const panels = args.format > Format.Float32 ? rowPanels(min(m, MC)) : 0;
  return behind(args.expanded, panels, rowPanelBytes(min(q, KC))) - args.workspace;
}

/** Copies a row of `columns` elements to panels: `to` is the address of the row in the first panel. */
// @ts-ignore: decorator
@inline
export function spreadRow(row: usize, columns: i32, to: usize, panel: usize): void {
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    v128.store(to, v128.load(row));
    v128.store(to, v128.load(row, 16), 16);
    row += TILE_COLUMNS * 4;
    to += panel;
  }
}

/** Packs rows [first, first + k) of the column matrix of a block of pixels into panels. */
function packColumnRows(
  args: Convolution,
  firstChannel: i32,
  image: i32,
  images: i32,
  firstRow: i32,
  rows: i32,
  first: i32,
  k: i32,
): void {
  const area = args.kernelHeight * args.kernelWidth;
  const pixels = rows * args.outWidth;
  const panel = panelBytes(k);
  const direct = isWholeRuns(args, TILE_COLUMNS);
  let channel = first / area;
  let ky = (first - channel * area) / args.kernelWidth;
  let kx = first - channel * area - ky * args.kernelWidth;
  let to = args.packedB;
  for (let r = 0; r < k; r++) {
    if (direct) {
      let panelAt = to;
      for (let i = 0; i < images; i++) {
        const plane = channelOfX(args, image + i, firstChannel + channel);
        panelAt = writeColumnPanels(args, plane, ky, kx, firstRow, rows, panelAt, panel);
      }
    } else {
      let row = args.row;
      for (let i = 0; i < images; i++) {
        writeColumnRow(args, channelOfX(args, image + i, firstChannel + channel), ky, kx, firstRow, rows, row);
        row += (<usize>pixels) << 2;
      }
      spreadRow(args.row, images * pixels, to, panel);
    }
    to += TILE_COLUMNS * 4;
    if (++kx == args.kernelWidth) {
      kx = 0;
      if (++ky == args.kernelHeight) {
        ky = 0;
        channel++;
      }
    }
  }
}

/** Repeats each bias eight times: the accumulators of a tile's row begin with these numbers. */
function spreadBiases(from: usize, channels: i32, to: usize): void {
  for (let i = 0; i < channels; i++) {
    const bias = v128.load32_splat(from);
    v128.store(to, bias);
    v128.store(to, bias, 16);
    from += 4;
    to += BIAS_BYTES;
  }
}

/**
 * Multiplies m rows of packed weights by the block's B, MC rows at a time. Panels of weights are `panel` bytes apart. With
 * `isFirst`, for the first block of the sums, the accumulators begin with the biases; otherwise they begin with C. Rows of
 * `residual` are as far apart as rows of C.
 */
export function multiplyRows(
  args: Convolution,
  block: Block,
  m: i32,
  packed: usize,
  panel: usize,
  scales: usize,
  c: usize,
  isFirst: bool,
  residual: usize,
): void {
  const isExpanded = args.format > Format.Float32;
  block.aStep = TILE_ROWS * 4;
  block.aPanel = isExpanded ? <usize>block.k * (TILE_ROWS * 4) : panel;
  for (let ic = 0; ic < m; ic += MC) {
    block.m = min(MC, m - ic);
    block.a = packed + <usize>(ic / TILE_ROWS) * panel;
    if (isExpanded) {
      let to = args.expanded;
      for (let i = 0; i < block.m; i += TILE_ROWS) {
        expandRows(block.a, args.format, scales + ((<usize>(ic + i)) << 2), block.k, to);
        block.a += panel;
        to += block.aPanel;
      }
      block.a = args.expanded;
    }
    block.c = c + <usize>ic * block.cStep;
    block.residual = residual ? residual + <usize>ic * block.cStep : 0;
    if (!isFirst) {
      block.init = block.c;
      block.initStep = block.cStep;
      block.initDown = block.cStep * TILE_ROWS;
      block.initRight = TILE_COLUMNS * 4;
    } else if (args.bias) {
      block.init = args.biases + <usize>ic * BIAS_BYTES;
      block.initStep = BIAS_BYTES;
      block.initDown = BIAS_BYTES * TILE_ROWS;
      block.initRight = 0;
    } else {
      block.init = args.workspace + Work.Zeros;
      block.initStep = 0;
      block.initDown = 0;
      block.initRight = 0;
    }
    multiplyBlock(block);
  }
}

/** Copies the results (outChannels × images·plane) to y, and applies the epilogue. */
function scatterResults(args: Convolution, firstChannel: i32, image: i32, images: i32): void {
  const plane = args.outHeight * args.outWidth;
  let from = args.results;
  for (let o = 0; o < args.outChannels; o++) {
    for (let i = 0; i < images; i++) {
      const to = channelOfY(args, image + i, firstChannel + o);
      memory.copy(to, from, (<usize>plane) << 2);
      finish(to, 0, 1, plane, residualOf(args, to), args.activation);
      from += (<usize>plane) << 2;
    }
  }
}

/** The convolution of one group. */
function forwardGroup(args: Convolution, group: i32, block: Block): void {
  const m = args.outChannels;
  const q = filterSize(args);
  const plane = args.outHeight * args.outWidth;
  const firstChannel = group * args.channels;
  const firstOut = group * m;
  const panels = group * rowPanels(m);
  let packed = args.packedA;
  if (args.format == Format.Given) packGroup(args, group, packed);
  else packed = args.weight + <usize>panels * args.weightStep;
  const panel = args.format == Format.Given ? rowPanelBytes(q) : args.weightStep;
  const scales = args.scales + <usize>(panels * TILE_ROWS * 4);
  if (args.bias) spreadBiases(args.bias + ((<usize>firstOut) << 2), m, args.biases);
  const readsInPlace = isPointwise(args);

  for (let image = 0; image < args.batch; image += args.images) {
    const images = min(args.images, args.batch - image);
    for (let row = args.firstRow; row < args.endRow; row += args.rows) {
      const rows = min(args.rows, args.endRow - row);
      const offset = (<usize>(row * args.outWidth)) << 2;
      block.n = images * rows * args.outWidth;
      block.cStep = (<usize>(images == 1 ? plane : images * plane)) << 2;
      const c = images == 1 ? channelOfY(args, image, firstOut) + offset : args.results;
      // Without channels, one iteration is still needed: it writes the bias.
      for (let pc = 0; pc == 0 || pc < q; pc += KC) {
        const k = min(KC, q - pc);
        block.k = k;
        block.b = args.packedB;
        block.bStep = TILE_COLUMNS * 4;
        block.bPanel = panelBytes(k);
        if (readsInPlace && images == 1) {
          packColumns(
            channelOfX(args, image, firstChannel + pc) + offset,
            (<usize>plane) << 2,
            block.n,
            k,
            args.packedB,
            block.bPanel,
          );
        } else {
          packColumnRows(args, firstChannel, image, images, row, rows, pc, k);
        }
        const isLast = pc + k >= q && images == 1;
        block.activation = isLast ? args.activation : Activation.None;
        const residual = isLast ? residualOf(args, c) : 0;
        multiplyRows(
          args,
          block,
          m,
          packed + <usize>(pc * TILE_ROWS) * bytesOf(args.format),
          panel,
          scales,
          c,
          pc == 0,
          residual,
        );
      }
      if (images > 1) scatterResults(args, firstOut, image, images);
    }
  }
}

/** y = act(conv(x, w) + bias + residual), float32. Returns the bytes of the workspace. */
export function convForward(args: Convolution): usize {
  const bytes = layOut(args);
  if (args.workspace == 0) return bytes;
  const block = prepareBlock(args.workspace);
  for (let group = 0; group < args.groups; group++) forwardGroup(args, group, block);
  return bytes;
}
