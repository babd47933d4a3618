/**
 * Convolution whose groups have one channel each: nothing is shared between outputs, so there is no product to block,
 * and each output plane is a sum of taps of a frame around its image. Any size of filter, stride and dilation.
 */
import { finish } from '../gemm/block';
import { channelOfX, channelOfY, Convolution, residualOf } from './convolution';
import { fillFrame, placeInRow } from './frame';
import { addTap, sumOfTaps, TAP_BYTES } from './taps';

/** Pixels of one remainder in a row of the frame of x. */
// @ts-ignore: decorator
@inline
export function phaseWidthOf(args: Convolution): i32 {
  return args.outWidth + ((args.kernelWidth - 1) * args.dilationX) / args.strideX;
}

// @ts-ignore: decorator
@inline
export function frameHeightOf(args: Convolution): i32 {
  return (args.outHeight - 1) * args.strideY + (args.kernelHeight - 1) * args.dilationY + 1;
}

/** The frame of a channel of x, in the room `row`, whose padding is zero already. */
export function frameChannel(args: Convolution, image: i32, channel: i32): void {
  const rows = min(args.height, frameHeightOf(args) - args.padTop);
  const phaseWidth = phaseWidthOf(args);
  const columns = min(args.width, phaseWidth * args.strideX - args.padLeft);
  const plane = channelOfX(args, image, channel);
  fillFrame(plane, args.width, rows, columns, args.row, args.padTop, args.padLeft, args.strideX, phaseWidth);
}

/** Where a filter's element lies in the frame, from where its first one does. */
// @ts-ignore: decorator
@inline
export function offsetInFrame(args: Convolution, ky: i32, kx: i32): usize {
  const phaseWidth = phaseWidthOf(args);
  const rowBytes = (<usize>(phaseWidth * args.strideX)) << 2;
  return <usize>(ky * args.dilationY) * rowBytes + placeInRow(kx * args.dilationX, args.strideX, phaseWidth);
}

/** y = act(conv(x, w) + bias + residual), float32, of groups with one channel. Frame in `row`, taps in `packedA`. */
export function convDepthwise(args: Convolution): void {
  const plane = args.outHeight * args.outWidth;
  const area = args.kernelHeight * args.kernelWidth;
  const rowBytes = (<usize>(phaseWidthOf(args) * args.strideX)) << 2;
  memory.fill(args.row, 0, <usize>frameHeightOf(args) * rowBytes);
  let end = args.packedA;
  for (let ky = 0; ky < args.kernelHeight; ky++) {
    for (let kx = 0; kx < args.kernelWidth; kx++) end = addTap(end, offsetInFrame(args, ky, kx), 0);
  }
  for (let image = 0; image < args.batch; image++) {
    for (let group = 0; group < args.groups; group++) {
      frameChannel(args, image, group);
      for (let o = group * args.outChannels; o < (group + 1) * args.outChannels; o++) {
        let weight = args.w + ((<usize>(o * area)) << 2);
        for (let tap = args.packedA; tap < end; tap += TAP_BYTES) {
          store<f32>(tap, load<f32>(weight), 4);
          weight += 4;
        }
        const bias: f32 = args.bias ? load<f32>(args.bias + ((<usize>o) << 2)) : 0;
        const out = channelOfY(args, image, o);
        sumOfTaps(args.row, rowBytes * args.strideY, args.packedA, end, bias, out, args.outHeight, args.outWidth);
        finish(out, (<usize>plane) << 2, 1, plane, residualOf(args, out), args.activation);
      }
    }
  }
}
