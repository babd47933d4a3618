/**
 * Convolution whose groups have one channel each: nothing is shared between outputs, so there is no product to block,
 * and each row of the output is summed straight from the image. The image is copied into a frame of zeros first, so
 * that no pixel is special:
 *
 *     0 0 0 0 0 0 0 0
 *     0 x x x x x x 0      output row | v v v v v v v v | v v v v v v v v |
 *     0 x x x x x x 0                                 | v v v v v v v v |     eight pixels in two registers; the
 *     0 0 0 0 0 0 0 0                                                         last eight may overlap those before
 */
import { finish } from '../gemm/block';
import { Work } from '../gemm/gemm';
import { madd } from '../simd/madd';
import { storeLanes } from '../simd/partial';
import { channelOfX, channelOfY, Convolution, residualOf } from './convolution';

/** Pixels of one step along a row. */
const STEP: i32 = 8;

/** Four pixels of the image, neighbours or every step-th. */
// @ts-ignore: decorator
@inline
function fourPixels(from: usize, stride: i32): v128 {
  const first = v128.load(from);
  if (stride == 1) return first;
  if (stride == 2) return v128.shuffle<i32>(first, v128.load(from, 16), 0, 2, 4, 6);
  const step = <usize>stride << 2;
  return f32x4(load<f32>(from), load<f32>(from + step), load<f32>(from + 2 * step), load<f32>(from + 3 * step));
}

/** Eight output pixels, whose filter's first element is at `from`. */
// @ts-ignore: decorator
@inline
function eightPixels(args: Convolution, from: usize, stepY: usize, filter: usize, bias: f32, stride: i32, to: usize): void {
  let low = f32x4.splat(bias);
  let high = low;
  const stepX = <usize>args.dilationX << 2;
  const next = <usize>stride << 4;
  for (let ky = args.kernelHeight; ky > 0; ky--) {
    let at = from;
    let kx = args.kernelWidth;
    // Nearly all filters are three wide: a loop of three would cost as much as it does.
    for (; kx >= 3; kx -= 3) {
      const w0 = v128.load32_splat(filter);
      const w1 = v128.load32_splat(filter, 4);
      const w2 = v128.load32_splat(filter, 8);
      low = madd(w0, fourPixels(at, stride), low);
      high = madd(w0, fourPixels(at + next, stride), high);
      at += stepX;
      low = madd(w1, fourPixels(at, stride), low);
      high = madd(w1, fourPixels(at + next, stride), high);
      at += stepX;
      low = madd(w2, fourPixels(at, stride), low);
      high = madd(w2, fourPixels(at + next, stride), high);
      at += stepX;
      filter += 12;
    }
    for (; kx > 0; kx--) {
      const weight = v128.load32_splat(filter);
      low = madd(weight, fourPixels(at, stride), low);
      high = madd(weight, fourPixels(at + next, stride), high);
      at += stepX;
      filter += 4;
    }
    from += stepY;
  }
  v128.store(to, low);
  v128.store(to, high, 16);
}

/** One row of the output. */
// @ts-ignore: decorator
@inline
function outputRow(
  args: Convolution,
  from: usize,
  stepY: usize,
  filter: usize,
  bias: f32,
  stride: i32,
  to: usize,
): void {
  const width = args.outWidth;
  const spare = args.work + Work.Spare;
  let column = 0;
  while (column < width) {
    if (width >= STEP) column = min(column, width - STEP);
    const at = to + (<usize>column << 2);
    eightPixels(args, from + (<usize>(column * stride) << 2), stepY, filter, bias, stride, width >= STEP ? at : spare);
    if (width < STEP) {
      if (width >= 4) v128.store(at, v128.load(spare));
      const rest = <usize>(width & 4) << 2;
      storeLanes(at + rest, v128.load(spare + rest), width & 3);
    }
    column += STEP;
  }
}

/** Copies a plane into the middle of the frame, as far as filters reach. */
function fillFrame(args: Convolution, plane: usize, frameWidth: i32, frameHeight: i32): void {
  const rows = min(args.height, frameHeight - args.padTop);
  const columns = min(args.width, frameWidth - args.padLeft);
  let to = args.row + (<usize>(args.padTop * frameWidth + args.padLeft) << 2);
  for (let i = 0; i < rows; i++) {
    let at = to;
    let from = plane;
    let left = columns;
    for (; left >= 4; left -= 4) {
      v128.store(at, v128.load(from));
      at += 16;
      from += 16;
    }
    storeLanes(at, v128.load(from), max(left, 0));
    plane += <usize>args.width << 2;
    to += <usize>frameWidth << 2;
  }
}

function convolvePlane(args: Convolution, filter: usize, bias: f32, stepY: usize, out: usize): void {
  const stepRow = stepY * args.strideY;
  let from = args.row;
  for (let i = 0; i < args.outHeight; i++) {
    switch (args.strideX) {
      case 1:
        outputRow(args, from, stepY * args.dilationY, filter, bias, 1, out);
        break;
      case 2:
        outputRow(args, from, stepY * args.dilationY, filter, bias, 2, out);
        break;
      default:
        outputRow(args, from, stepY * args.dilationY, filter, bias, args.strideX, out);
    }
    from += stepRow;
    out += <usize>args.outWidth << 2;
  }
}

/** y = act(conv(x, w) + bias + residual), float32, of groups with one channel. The frame is in the room `row`. */
export function convDepthwise(args: Convolution): void {
  const plane = args.outHeight * args.outWidth;
  const area = args.kernelHeight * args.kernelWidth;
  const frameWidth = (args.outWidth - 1) * args.strideX + (args.kernelWidth - 1) * args.dilationX + 1;
  const frameHeight = (args.outHeight - 1) * args.strideY + (args.kernelHeight - 1) * args.dilationY + 1;
  memory.fill(args.row, 0, <usize>(frameWidth * frameHeight) << 2);
  for (let image = 0; image < args.batch; image++) {
    for (let group = 0; group < args.groups; group++) {
      fillFrame(args, channelOfX(args, image, group), frameWidth, frameHeight);
      for (let o = group * args.outChannels; o < (group + 1) * args.outChannels; o++) {
        const bias: f32 = args.bias ? load<f32>(args.bias + (<usize>o << 2)) : 0;
        const out = channelOfY(args, image, o);
        convolvePlane(args, args.w + (<usize>(o * area) << 2), bias, <usize>frameWidth << 2, out);
        finish(out, <usize>plane << 2, 1, plane, residualOf(args, out), args.activation);
      }
    }
  }
}
