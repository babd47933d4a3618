/**
 * A convolution whose groups have one channel each, with any size of filter, stride and dilation. Each plane of the output is a
 * sum of taps of the frame around its image; see taps.ts. A matrix product would gain nothing, since outputs share no operands.
 */
import { finish } from '../gemm/block';
import { behind } from '../workspace';
import { channelOfX, channelOfY, Convolution, residualOf } from './convolution';
import { fillFrame, placeInRow } from './frame';
import { addTap, ROWS_BEYOND, sumOfTaps, TAP_BYTES } from './taps';

/** Pixels with the same remainder by the stride, in a row of the frame of x. */
// @ts-ignore: decorator
@inline
export function phaseWidthOf(args: Convolution): i32 {
  return args.outWidth + ((args.kernelWidth - 1) * args.dilationX) / args.strideX;
}

/** Rows of the frame of x. */
// @ts-ignore: decorator
@inline
export function frameHeightOf(args: Convolution): i32 {
  return (args.outHeight - 1) * args.strideY + (args.kernelHeight - 1) * args.dilationY + 1;
}

/** Bytes of a row of the frame of x. */
export function frameRowBytes(args: Convolution): usize {
  return (<usize>(phaseWidthOf(args) * args.strideX)) << 2;
}

/** Sets the addresses of the workspace's sections. Returns the bytes of the workspace. */
function layOut(args: Convolution): usize {
  args.taps = args.workspace;
  args.frame = behind(args.taps, args.kernelHeight * args.kernelWidth, TAP_BYTES);
  const rows = frameHeightOf(args) + ROWS_BEYOND * args.strideY;
  return behind(args.frame, rows, frameRowBytes(args)) - args.workspace;
}

/** Fills the frame with a channel of x. The padding of the frame is zero already. */
export function frameChannel(args: Convolution, image: i32, channel: i32): void {
  const rows = min(args.height, frameHeightOf(args) - args.padTop);
  const phaseWidth = phaseWidthOf(args);
  const columns = min(args.width, phaseWidth * args.strideX - args.padLeft);
  const plane = channelOfX(args, image, channel);
  fillFrame(plane, args.width, rows, columns, args.frame, args.padTop, args.padLeft, args.strideX, phaseWidth);
}

/** The value of each element of a filter that computes the mean of a window. */
// @ts-ignore: decorator
@inline
export function meanWeight(args: Convolution): f32 {
  return <f32>(1 / <f64>(args.kernelHeight * args.kernelWidth));
}

/** Bytes from the pixel that a filter's first element multiplies to the pixel that element (ky, kx) multiplies, in the frame. */
// @ts-ignore: decorator
@inline
export function offsetInFrame(args: Convolution, ky: i32, kx: i32): usize {
  const phaseWidth = phaseWidthOf(args);
  return <usize>(ky * args.dilationY) * frameRowBytes(args) + placeInRow(kx * args.dilationX, args.strideX, phaseWidth);
}

/**
 * y = act(conv(x, w) + bias + residual), float32, for groups of one channel. If `w` is 0, conv(x, w) is the mean of each window.
 * Returns the bytes of the workspace.
 */
export function convDepthwise(args: Convolution): usize {
  const bytes = layOut(args);
  if (args.workspace == 0) return bytes;
  const plane = args.outHeight * args.outWidth;
  const area = args.kernelHeight * args.kernelWidth;
  const step = frameRowBytes(args) * args.strideY;
  memory.fill(args.frame, 0, <usize>frameHeightOf(args) * frameRowBytes(args));
  const mean = meanWeight(args);
  let end = args.taps;
  for (let ky = 0; ky < args.kernelHeight; ky++) {
    for (let kx = 0; kx < args.kernelWidth; kx++) end = addTap(end, offsetInFrame(args, ky, kx), mean);
  }
  for (let image = 0; image < args.batch; image++) {
    for (let group = 0; group < args.groups; group++) {
      frameChannel(args, image, group);
      for (let o = group * args.outChannels; o < (group + 1) * args.outChannels; o++) {
        if (args.w) {
          let weight = args.w + ((<usize>(o * area)) << 2);
          for (let tap = args.taps; tap < end; tap += TAP_BYTES) {
            store<f32>(tap, load<f32>(weight), 4);
            weight += 4;
          }
        }
        const bias: f32 = args.bias ? load<f32>(args.bias + ((<usize>o) << 2)) : 0;
        const out = channelOfY(args, image, o);
        sumOfTaps(args.frame, step, args.taps, end, bias, out, args.outHeight, args.outWidth);
        finish(out, (<usize>plane) << 2, 1, plane, residualOf(args, out), args.activation);
      }
    }
  }
  return bytes;
}
