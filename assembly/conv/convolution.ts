/**
 * A convolution as its kernels see it. In all of them a column is one output pixel, and a row q of the (never
 * materialised) column matrix is one element of a filter: q = (channel·kh + ky)·kw + kx.
 */
import { Activation } from '../gemm/block';
import { Format } from '../gemm/format';

/** The result that {@link convF64} computes from the two other operands. */
export const enum Direction {
  Forward,
  GradInput,
  GradWeight,
}

/**
 * The arguments of a convolution or of one of its gradients, which name the operands alike. Channels are those of one
 * group. src/backends/wasm/calls/convolution.ts writes them.
 */
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
  /** (groups·outChannels); 0 if there is none. */
  bias: usize;
  activation: Activation;
  /** Shaped as y, added before the activation; 0 if there is none. */
  residual: usize;
  /** Which filters the forward product reads: `w` if `Given`, else `weight`, packed in this format. */
  format: Format;
  /** Filters packed by filters.ts. */
  weight: usize;
  /** Bytes from one panel of `weight` to the next. */
  weightStep: usize;
  /** For int8: the scale of each output channel of `weight`, with those that fill the last panel of a group. */
  scales: usize;
  /** The block of pixels that a product works on at once: this many whole images, */
  images: i32;
  /** or, if `images` is 1, this many rows of the output of one. */
  rows: i32;
  /** Channels from one image of x to the next, of all groups. A thread that computes some of them steps by all. */
  xChannels: i32;
  /** Channels from one image of y to the next, of all groups. */
  yChannels: i32;
  /** The first row of the output that the forward product computes. */
  firstRow: i32;
  /** The row of the output before which the forward product ends. */
  endRow: i32;
  direction: Direction;
  /** The memory that the call works in: those of the sections below that its kernel needs. 0 asks for its size. */
  workspace: usize;
  /** Panels of the left operand. */
  packedA: usize;
  /** Panels of a block of the right operand. */
  packedB: usize;
  /** One or several rows of the column matrix. */
  row: usize;
  /** The product of a block, where it cannot be stored at once. */
  results: usize;
  /** Each bias of a group, repeated eight times. */
  biases: usize;
  /** Panels of `weight` as float32. */
  expanded: usize;
  /** Planes with zeros around them; see frame.ts. */
  frame: usize;
  /** A list of taps; see taps.ts. */
  taps: usize;
  /** Planes of gradients, one for each remainder of a column by the stride. */
  planes: usize;
}

/** Elements of a filter of one output channel: the height of the column matrix. */
// @ts-ignore: decorator
@inline
export function filterSize(args: Convolution): i32 {
  return args.channels * args.kernelHeight * args.kernelWidth;
}

/** Output pixels that a product works on at once. */
// @ts-ignore: decorator
@inline
export function blockPixels(args: Convolution): i32 {
  return args.images * args.rows * args.outWidth;
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
