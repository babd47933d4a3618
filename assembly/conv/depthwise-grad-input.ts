/**
 * The gradient in the input of a convolution whose groups have one channel each. Pixels whose coordinates have the same
 * remainders by the stride depend on the same filter elements. So the kernel computes one plane for each remainder, as a sum of
 * taps of frames around gy, and then spreads the planes over the image.
 *
 *     stride 2       | a b a b |        a and b depend on different columns of the filter;
 *                    | c d c d |        a and c depend on different rows
 */
import { behind } from '../workspace';
import { channelOfX, channelOfY, Convolution } from './convolution';
import { meanWeight } from './depthwise';
import { fillFrame } from './frame';
import { addTap, ROWS_BEYOND, sumOfTaps, TAP_BYTES } from './taps';

/** ⌈a / b⌉ for a ≥ 0 and b > 0. */
// @ts-ignore: decorator
@inline
function ceilingOf(a: i32, b: i32): i32 {
  return (a + b - 1) / b;
}

/** Rows (or columns) of zeros before gy in its frame. */
function before(kernel: i32, dilation: i32, stride: i32, pad: i32): i32 {
  return ceilingOf(max(0, (kernel - 1) * dilation - pad), stride);
}

/** Rows (or columns) of the frame. */
function extentOf(size: i32, kernel: i32, dilation: i32, stride: i32, pad: i32): i32 {
  return before(kernel, dilation, stride, pad) + ceilingOf(size, stride) + (stride - 1 + pad) / stride;
}

/** Writes a row of the image: pixel i is element ⌊i / stride⌋ of the plane i mod stride. Planes are `between` bytes apart. */
// @ts-ignore: decorator
@inline
function spreadRow(from: usize, between: usize, stride: i32, to: usize, width: i32): void {
  if (stride == 2) {
    for (; width >= 8; width -= 8) {
      const even = v128.load(from);
      const odd = v128.load(from + between);
      v128.store(to, v128.shuffle<i32>(even, odd, 0, 4, 1, 5));
      v128.store(to, v128.shuffle<i32>(even, odd, 2, 6, 3, 7), 16);
      from += 16;
      to += 32;
    }
  }
  for (let i = 0; i < width; i++) {
    const pixel = load<f32>(from + <usize>(i % stride) * between + ((<usize>(i / stride)) << 2));
    store<f32>(to + ((<usize>i) << 2), pixel);
  }
}

/** Rows of a frame. */
function frameHeightOf(args: Convolution): i32 {
  return extentOf(args.height, args.kernelHeight, args.dilationY, args.strideY, args.padTop);
}

/** Columns of a frame. */
function frameWidthOf(args: Convolution): i32 {
  return extentOf(args.width, args.kernelWidth, args.dilationX, args.strideX, args.padLeft);
}

/** Sets the addresses of the workspace's sections. Returns the bytes of the workspace. */
function layOut(args: Convolution): usize {
  const planes = args.strideX * ceilingOf(args.height, args.strideY);
  args.taps = args.workspace;
  args.planes = behind(args.taps, args.outChannels * args.kernelHeight * args.kernelWidth, TAP_BYTES);
  args.frame = behind(args.planes, planes, (<usize>ceilingOf(args.width, args.strideX)) << 2);
  const rows = args.outChannels * frameHeightOf(args) + ROWS_BEYOND;
  return behind(args.frame, rows, (<usize>frameWidthOf(args)) << 2) - args.workspace;
}

/**
 * Computes the gradient in x from the gradient in y, float32, for groups of one channel. `w` may be 0, as in convDepthwise.
 * Returns the bytes of the workspace.
 */
export function convDepthwiseGradInput(args: Convolution): usize {
  const bytes = layOut(args);
  if (args.workspace == 0) return bytes;
  const top = before(args.kernelHeight, args.dilationY, args.strideY, args.padTop);
  const left = before(args.kernelWidth, args.dilationX, args.strideX, args.padLeft);
  const frameHeight = frameHeightOf(args);
  const frameWidth = frameWidthOf(args);
  const rowBytes = (<usize>frameWidth) << 2;
  const frameBytes = <usize>frameHeight * rowBytes;
  const rows = min(args.outHeight, frameHeight - top);
  const columns = min(args.outWidth, frameWidth - left);
  const area = args.kernelHeight * args.kernelWidth;
  const isDense = (args.strideY | args.strideX) == 1;
  const mean = meanWeight(args);
  memory.fill(args.frame, 0, frameBytes * args.outChannels);
  for (let image = 0; image < args.batch; image++) {
    for (let group = 0; group < args.groups; group++) {
      const first = group * args.outChannels;
      for (let o = 0; o < args.outChannels; o++) {
        const plane = channelOfY(args, image, first + o);
        fillFrame(plane, args.outWidth, rows, columns, args.frame + <usize>o * frameBytes, top, left, 1, frameWidth);
      }
      const out = channelOfX(args, image, group);
      // All planes have the width of the widest, so some have a column more than they need.
      const width = ceilingOf(args.width, args.strideX);
      for (let y = 0; y < min(args.strideY, args.height); y++) {
        const height = ceilingOf(args.height - y, args.strideY);
        const between = (<usize>(height * width)) << 2;
        for (let x = 0; x < min(args.strideX, args.width); x++) {
          let end = args.taps;
          for (let k = 0; k < args.outChannels * area; k++) {
            const o = k / area;
            const ky = (k - o * area) / args.kernelWidth;
            const kx = k - o * area - ky * args.kernelWidth;
            const row = y + args.padTop - ky * args.dilationY;
            const column = x + args.padLeft - kx * args.dilationX;
            if (row % args.strideY != 0 || column % args.strideX != 0) continue;
            const place = (top + row / args.strideY) * frameWidth + left + column / args.strideX;
            const weight = args.w ? load<f32>(args.w + ((<usize>(first * area + k)) << 2)) : mean;
            end = addTap(end, <usize>o * frameBytes + ((<usize>place) << 2), weight);
          }
          const to = isDense ? out : args.planes + <usize>x * between;
          sumOfTaps(args.frame, rowBytes, args.taps, end, 0, to, height, width);
        }
        if (isDense) continue;
        for (let i = 0; i < height; i++) {
          const to = out + ((<usize>((y + i * args.strideY) * args.width)) << 2);
          spreadRow(args.planes + ((<usize>(i * width)) << 2), between, args.strideX, to, args.width);
        }
      }
    }
  }
  return bytes;
}
