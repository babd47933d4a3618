/**
 * The gradient of a convolution in its input. The gradient of the column matrix is Wᵀ·gy; each of its rows is added to the
 * pixels that the row was read from. Only MC rows exist at a time, so that they stay in the cache:
 *
 *       Wᵀ (q × O)         gy (O × pixels)        rows (MC × pixels)
 *     ┌──────────┐        ┌───┬───┬───┐         ┌───┐
 *     │ packed   │    ·   │ B │   │   │    =    │ C │ → added to gx, then the next MC
 *     │ once     │        └───┴───┴───┘         └───┘
 */
import { Activation, behindWork, Block, prepareBlock } from '../gemm/block';
import { KC, MC } from '../gemm/blocking';
import { columnPanels, packColumns, packRowsTransposed, rowPanels } from '../gemm/pack';
import { TILE_COLUMNS, TILE_ROWS } from '../gemm/tile';
import { behind } from '../workspace';
import { addColumnRow, copyRun } from './column-row';
import { blockPixels, channelOfX, channelOfY, Convolution, filterSize, isPointwise } from './convolution';
import { multiplyRows, panelBytes, spreadRow } from './forward';

/** Packs output channels [firstOut, firstOut + k) of gy, of a block of pixels, into panels. */
function packGradients(
  args: Convolution,
  firstOut: i32,
  image: i32,
  images: i32,
  row: i32,
  pixels: i32,
  k: i32,
  to: usize,
): void {
  const plane = args.outHeight * args.outWidth;
  const panel = panelBytes(k);
  if (images == 1) {
    const from = channelOfY(args, image, firstOut) + ((<usize>(row * args.outWidth)) << 2);
    packColumns(from, (<usize>plane) << 2, pixels, k, to, panel);
    return;
  }
  for (let o = 0; o < k; o++) {
    let at = args.row;
    for (let i = 0; i < images; i++) {
      copyRun(channelOfY(args, image + i, firstOut + o), at, plane);
      at += (<usize>plane) << 2;
    }
    spreadRow(args.row, images * plane, to, panel);
    to += TILE_COLUMNS * 4;
  }
}

/** Adds rows [first, first + count) of the column matrix's gradient, which are in `results`, to the images. */
function addRows(
  args: Convolution,
  firstChannel: i32,
  image: i32,
  images: i32,
  row: i32,
  rows: i32,
  first: i32,
  count: i32,
): void {
  const area = args.kernelHeight * args.kernelWidth;
  const pixels = rows * args.outWidth;
  let from = args.results;
  for (let q = first; q < first + count; q++) {
    const channel = q / area;
    const ky = (q - channel * area) / args.kernelWidth;
    const kx = q - channel * area - ky * args.kernelWidth;
    for (let i = 0; i < images; i++) {
      addColumnRow(args, from, ky, kx, row, rows, channelOfX(args, image + i, firstChannel + channel));
      from += (<usize>pixels) << 2;
    }
  }
}

/** The address of the panels of output channels [pc, pc + KC). All blocks before them have KC channels. */
// @ts-ignore: decorator
@inline
function panelsAt(args: Convolution, pc: i32, pixels: i32): usize {
  return args.packedB + <usize>((pc / KC) * columnPanels(pixels)) * panelBytes(KC);
}

/** Rows of Wᵀ, rounded up to whole panels. */
// @ts-ignore: decorator
@inline
function paddedFilter(args: Convolution): i32 {
  return rowPanels(filterSize(args)) * TILE_ROWS;
}

/** Sets the addresses of the workspace's sections. Returns the bytes of the workspace. */
function layOut(args: Convolution): usize {
  const k = args.outChannels;
  const pixels = blockPixels(args);
  const padded = paddedFilter(args);
  const blocks = (k + KC - 1) / KC;
  args.packedA = behindWork(args.workspace);
  args.packedB = behind(args.packedA, padded, (<usize>k) << 2);
  args.row = behind(args.packedB, blocks * columnPanels(pixels), panelBytes(min(k, KC)));
  args.results = behind(args.row, pixels, 4);
  return behind(args.results, min(padded, MC), (<usize>pixels) << 2) - args.workspace;
}

/** The gradient of one group. */
function gradGroup(args: Convolution, group: i32, block: Block): void {
  const m = filterSize(args);
  const outChannels = args.outChannels;
  const plane = args.outHeight * args.outWidth;
  const firstChannel = group * args.channels;
  const firstOut = group * outChannels;
  const padded = paddedFilter(args);
  const writesInPlace = isPointwise(args);
  for (let pc = 0; pc < outChannels; pc += KC) {
    const from = args.w + ((<usize>(firstOut + pc) * m) << 2);
    packRowsTransposed(from, (<usize>m) << 2, m, min(KC, outChannels - pc), args.packedA + ((<usize>pc * padded) << 2));
  }
  block.bStep = TILE_COLUMNS * 4;
  block.activation = Activation.None;
  for (let image = 0; image < args.batch; image += args.images) {
    const images = min(args.images, args.batch - image);
    for (let row = 0; row < args.outHeight; row += args.rows) {
      const rows = min(args.rows, args.outHeight - row);
      const pixels = images * rows * args.outWidth;
      block.n = pixels;
      for (let pc = 0; pc < outChannels; pc += KC) {
        const k = min(KC, outChannels - pc);
        const to = panelsAt(args, pc, pixels);
        packGradients(args, firstOut + pc, image, images, row, pixels, k, to);
      }
      const inPlace = writesInPlace && images == 1;
      block.cStep = (<usize>(inPlace ? plane : pixels)) << 2;
      for (let ic = 0; ic < m; ic += MC) {
        const count = min(MC, m - ic);
        const c = inPlace
          ? channelOfX(args, image, firstChannel + ic) + ((<usize>(row * args.outWidth)) << 2)
          : args.results;
        for (let pc = 0; pc < outChannels; pc += KC) {
          const k = min(KC, outChannels - pc);
          block.k = k;
          block.b = panelsAt(args, pc, pixels);
          block.bPanel = panelBytes(k);
          const packed = args.packedA + ((<usize>pc * padded) << 2) + <usize>(ic / TILE_ROWS) * k * (TILE_ROWS * 4);
          multiplyRows(args, block, count, packed, <usize>k * (TILE_ROWS * 4), 0, c, pc == 0, 0);
        }
        if (!inPlace) addRows(args, firstChannel, image, images, row, rows, ic, count);
      }
    }
  }
}

/** Computes the gradient in x from w and the gradient in y, float32; no operand is empty. Returns the bytes of the workspace. */
export function convGradInput(args: Convolution): usize {
  const bytes = layOut(args);
  if (args.workspace == 0) return bytes;
  const block = prepareBlock(args.workspace);
  const elements = <usize>(args.batch * args.groups * args.channels) * <usize>(args.height * args.width);
  if (args.images > 1 || !isPointwise(args)) memory.fill(args.x, 0, elements << 2);
  for (let group = 0; group < args.groups; group++) gradGroup(args, group, block);
  return bytes;
}
