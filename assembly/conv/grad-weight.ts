/**
 * The gradient of a convolution in its filters: gy·columnsᵀ, summed over all pixels of all images. The rows of both operands lie
 * along the sum, so packing interleaves them.
 *
 *       gy (O × pixels)       columnsᵀ (pixels × q)         gw (O × q)
 *     ┌────┬────┬────┐      ┌────┐                        ┌──────────┐
 *     │ A  │    │    │   ·  │ B  │ a block of pixels      │  C += …  │
 *     └────┴────┴────┘      ├────┤                        └──────────┘
 *                           │    │
 */
import { Activation, behindWork, Block, multiplyBlock, prepareBlock, Work } from '../gemm/block';
import { MC, NC } from '../gemm/blocking';
import {
  columnPanelBytes,
  columnPanels,
  interleaveColumns,
  interleaveListed,
  packRows,
  rowPanelBytes,
  rowPanels,
} from '../gemm/pack';
import { TILE_COLUMNS, TILE_ROWS } from '../gemm/tile';
import { behind } from '../workspace';
import { isWholeRuns, writeColumnRow } from './column-row';
import { blockPixels, channelOfX, channelOfY, Convolution, filterSize } from './convolution';

/** Bytes from one gathered row of the column matrix, k elements long, to the next: one cache line more than a row takes. */
// @ts-ignore: decorator
@inline
function gatheredRowBytes(k: i32): usize {
  return ((<usize>k) << 2) + 64;
}

/** Sets the addresses of the workspace's sections; `row` holds the rows of one panel. Returns the bytes of the workspace. */
function layOut(args: Convolution): usize {
  const pixels = blockPixels(args);
  args.packedA = behindWork(args.workspace);
  args.packedB = behind(args.packedA, rowPanels(args.outChannels), rowPanelBytes(pixels));
  args.row = behind(args.packedB, columnPanels(min(filterSize(args), NC)), columnPanelBytes(pixels));
  return behind(args.row, TILE_COLUMNS, gatheredRowBytes(pixels)) - args.workspace;
}

/** Writes to `row` the byte offsets, in an image, of the first pixels of eight rows of the column matrix. */
function listOffsets(args: Convolution, first: i32, count: i32): void {
  const area = args.kernelHeight * args.kernelWidth;
  for (let r = 0; r < TILE_COLUMNS; r++) {
    const q = first + min(r, count - 1);
    const channel = q / area;
    const ky = (q - channel * area) / args.kernelWidth;
    const kx = q - channel * area - ky * args.kernelWidth;
    const offset = (channel * args.height + ky * args.dilationY) * args.width + kx * args.dilationX;
    store<u32>(args.row + ((<usize>r) << 2), offset << 2);
  }
}

/** Packs the panel of the eight listed rows directly from the images. The rows must be whole runs; see isWholeRuns. */
function packListed(
  args: Convolution,
  firstChannel: i32,
  image: i32,
  images: i32,
  row: i32,
  rows: i32,
  to: usize,
): void {
  const stepY = (<usize>(args.strideY * args.width)) << 2;
  for (let i = 0; i < images; i++) {
    let base = channelOfX(args, image + i, firstChannel) + <usize>row * stepY;
    for (let r = 0; r < rows; r++) {
      interleaveListed(base, args.row, args.outWidth, to);
      to += (<usize>args.outWidth) << 5;
      base += stepY;
    }
  }
}

/** Packs rows [first, first + count) of the column matrix of a block of pixels into panels of eight. */
function packColumnRows(
  args: Convolution,
  firstChannel: i32,
  image: i32,
  images: i32,
  row: i32,
  rows: i32,
  first: i32,
  count: i32,
): void {
  const pixels = rows * args.outWidth;
  const k = images * pixels;
  if (isWholeRuns(args, 4)) {
    for (let j = 0; j < count; j += TILE_COLUMNS) {
      listOffsets(args, first + j, min(TILE_COLUMNS, count - j));
      packListed(args, firstChannel, image, images, row, rows, args.packedB + <usize>((j * k) << 2));
    }
    return;
  }
  const area = args.kernelHeight * args.kernelWidth;
  const rowBytes = gatheredRowBytes(k);
  let to = args.packedB;
  for (let j = 0; j < count; j += TILE_COLUMNS) {
    const columns = min(TILE_COLUMNS, count - j);
    for (let r = 0; r < columns; r++) {
      const q = first + j + r;
      const channel = q / area;
      const ky = (q - channel * area) / args.kernelWidth;
      const kx = q - channel * area - ky * args.kernelWidth;
      let at = args.row + <usize>r * rowBytes;
      for (let i = 0; i < images; i++) {
        writeColumnRow(args, channelOfX(args, image + i, firstChannel + channel), ky, kx, row, rows, at);
        at += (<usize>pixels) << 2;
      }
    }
    interleaveColumns(args.row, rowBytes, columns, k, to);
    to += columnPanelBytes(k);
  }
}

/** The gradient of one group. */
function gradGroup(args: Convolution, group: i32, block: Block): void {
  const m = args.outChannels;
  const q = filterSize(args);
  const plane = args.outHeight * args.outWidth;
  const firstChannel = group * args.channels;
  const firstOut = group * m;
  const c = args.w + ((<usize>firstOut * q) << 2);
  let isFirst = true;
  block.cStep = (<usize>q) << 2;
  block.aStep = TILE_ROWS * 4;
  block.bStep = TILE_COLUMNS * 4;
  block.b = args.packedB;
  block.activation = Activation.None;
  block.residual = 0;
  for (let image = 0; image < args.batch; image += args.images) {
    const images = min(args.images, args.batch - image);
    for (let row = 0; row < args.outHeight; row += args.rows) {
      const rows = min(args.rows, args.outHeight - row);
      const pixels = rows * args.outWidth;
      const k = images * pixels;
      const panel = rowPanelBytes(k);
      block.k = k;
      block.aPanel = panel;
      block.bPanel = columnPanelBytes(k);
      for (let i = 0; i < images; i++) {
        const from = channelOfY(args, image + i, firstOut) + ((<usize>(row * args.outWidth)) << 2);
        packRows(from, (<usize>plane) << 2, m, pixels, args.packedA + <usize>(i * pixels) * (TILE_ROWS * 4), panel);
      }
      for (let jc = 0; jc < q; jc += NC) {
        block.n = min(NC, q - jc);
        packColumnRows(args, firstChannel, image, images, row, rows, jc, block.n);
        for (let ic = 0; ic < m; ic += MC) {
          block.m = min(MC, m - ic);
          block.a = args.packedA + <usize>(ic / TILE_ROWS) * panel;
          block.c = c + <usize>ic * block.cStep + ((<usize>jc) << 2);
          block.init = isFirst ? args.workspace + Work.Zeros : block.c;
          block.initStep = isFirst ? 0 : block.cStep;
          block.initDown = isFirst ? 0 : block.cStep * TILE_ROWS;
          block.initRight = isFirst ? 0 : TILE_COLUMNS * 4;
          multiplyBlock(block);
        }
      }
      isFirst = false;
    }
  }
}

/** Computes the gradient in w from x and the gradient in y, float32; no operand is empty. Returns the bytes of the workspace. */
export function convGradWeight(args: Convolution): usize {
  const bytes = layOut(args);
  if (args.workspace == 0) return bytes;
  const block = prepareBlock(args.workspace);
  for (let group = 0; group < args.groups; group++) gradGroup(args, group, block);
  return bytes;
}
