/**
 * A convolution as its kernels see it. In all of them a column is one output pixel, and a row q of the (never
 * materialised) column matrix is one element of a filter: q = (channel·kh + ky)·kw + kx.
 */
import { Activation } from '../gemm/block';
import { Format } from '../gemm/format';

/** The arguments, as src/backends/wasm/convolution.ts writes them. Channels are those of one group. */
// @ts-ignore: decorator
@unmanaged
export class Convolution {
  batch: i32;
  groups: i32;
  channels: i32;
  height: i32;
  width: i32;
  outChannels: i32;
  outHeight: i32;
  outWidth: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideY: i32;
  strideX: i32;
  dilationY: i32;
  dilationX: i32;
  padTop: i32;
  padLeft: i32;
  /** (batch, groups·channels, height, width), or its gradient. */
  x: usize;
  /** (groups·outChannels, channels, kernelHeight, kernelWidth), or its gradient. */
  w: usize;
  /** (batch, groups·outChannels, outHeight, outWidth), or its gradient. */
  y: usize;
  /** For each output channel; 0 if there is none. */
  bias: usize;
  activation: Activation;
  /** Shaped as y, added before the activation; 0 if there is none. */
  residual: usize;
  /** What `packedA` is: room for packing the filters, or filters that filters.ts has packed; and int8's scales. */
  format: Format;
  scales: usize;
  /** What is worked on at once: this many whole images, or of one image this many rows of the output. */
  images: i32;
  rows: i32;
  /** Rooms whose sizes the host knows: panels of both operands, a row of columns, a block of results, biases, expanded panels. */
  packedA: usize;
  packedB: usize;
  row: usize;
  results: usize;
  biases: usize;
  expanded: usize;
  work: usize;
  /** Channels from an image to the next, of all groups: where a part of a call has less of them, more than it has. */
  xChannels: i32;
  yChannels: i32;
  /** The rows of the output that are computed; only the forward product looks at them. */
  firstRow: i32;
  endRow: i32;
}

/** Elements of a filter of one output channel: the height of the column matrix. */
// @ts-ignore: decorator
@inline
export function filterSize(args: Convolution): i32 {
  return args.channels * args.kernelHeight * args.kernelWidth;
}

/** Whether filters are 1 × 1 and every pixel is used once: the image is its own column matrix. */
// @ts-ignore: decorator
@inline
export function isPointwise(args: Convolution): bool {
  return (
    (args.kernelHeight & args.kernelWidth & args.strideY & args.strideX) == 1 &&
    (args.kernelHeight | args.kernelWidth | args.strideY | args.strideX) == 1 &&
    (args.padTop | args.padLeft) == 0
  );
}

/** Where the residual of an element of y is; 0 if there is none. */
// @ts-ignore: decorator
@inline
export function residualOf(args: Convolution, y: usize): usize {
  return args.residual ? args.residual + (y - args.y) : 0;
}

/** The first element of a channel of an image, counted in all groups. */
// @ts-ignore: decorator
@inline
export function channelOfX(args: Convolution, image: i32, channel: i32): usize {
  const plane = <usize>(args.height * args.width);
  return args.x + (((<usize>image * args.xChannels + channel) * plane) << 2);
}

/** The first element of an output channel of an image, counted in all groups. */
// @ts-ignore: decorator
@inline
export function channelOfY(args: Convolution, image: i32, channel: i32): usize {
  const plane = <usize>(args.outHeight * args.outWidth);
  return args.y + (((<usize>image * args.yChannels + channel) * plane) << 2);
}
