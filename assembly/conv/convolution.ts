/**
 * The record of a convolution, and the sizes that its kernels compute from it. The kernels share one notion, the column matrix,
 * which never exists as a whole. A column is one output pixel. A row q is one element of a filter:
 * q = (channel·kh + ky)·kw + kx.
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
 * The arguments of a convolution or of one of its gradients. A gradient takes the place of its operand. Sizes and positions are
 * in elements. src/backends/wasm/calls/convolution.ts writes them.
 */
// @ts-ignore: decorator
@unmanaged
export class Convolution {
  /** Images. */
  batch: i32;
  groups: i32;
  /** Channels of x in one group. */
  channels: i32;
  /** Rows of an image of x. */
  height: i32;
  /** Columns of an image of x. */
  width: i32;
  /** Channels of y in one group. */
  outChannels: i32;
  /** Rows of an image of y. */
  outHeight: i32;
  /** Columns of an image of y. */
  outWidth: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideY: i32;
  strideX: i32;
  dilationY: i32;
  dilationX: i32;
  /** Rows of zeros above an image of x. */
  padTop: i32;
  /** Columns of zeros on the left of an image of x. */
  padLeft: i32;
  /** x (batch, groups·channels, height, width), or its gradient. */
  x: usize;
  /** w (groups·outChannels, channels, kernelHeight, kernelWidth), or its gradient. */
  w: usize;
  /** y (batch, groups·outChannels, outHeight, outWidth), or its gradient. */
  y: usize;
  /** The bias (groups·outChannels); 0 if there is none. */
  bias: usize;
  /** The function that is applied to the results. */
  activation: Activation;
  /** The residual, shaped as y, which is added before the activation; 0 if there is none. */
  residual: usize;
  /** The format of the filters: the kernel reads `w` if it is `Given`, and otherwise `weight`, packed in this format. */
  format: Format;
  /** The filters packed by filters.ts. */
  weight: usize;
  /** Bytes from one panel of `weight` to the next. */
  weightStep: usize;
  /** For int8: the scale of each output channel of `weight`, including the channels that fill the last panel of a group. */
  scales: usize;
  /** Images of a block of pixels. A block consists of whole images if there are several. */
  images: i32;
  /** Rows of the output, of each image of a block. */
  rows: i32;
  /** Channels from one image of x to the next, of all groups, even if the call computes only some of them. */
  xChannels: i32;
  /** Channels from one image of y to the next, of all groups, even if the call computes only some of them. */
  yChannels: i32;
  /** The first row of the output that the forward product computes. */
  firstRow: i32;
  /** The row of the output before which the forward product ends. */
  endRow: i32;
  /** For float64: the operand to compute. */
  direction: Direction;
  /** The workspace, whose sections follow. If it is 0, the kernel returns the bytes that it needs and computes nothing. */
  workspace: usize;
  /** The panels of the left operand. */
  packedA: usize;
  /** The panels of a block of the right operand. */
  packedB: usize;
  /** One or several rows of the column matrix. */
  row: usize;
  /** The product of a block, before it is copied or added to its place. */
  results: usize;
  /** Each bias of a group, repeated eight times. */
  biases: usize;
  /** The panels of `weight` as float32. */
  expanded: usize;
  /** Planes with zeros around them; see frame.ts. */
  frame: usize;
  /** The list of taps; see taps.ts. */
  taps: usize;
  /** Planes of gradients. There is one for each remainder of a column's number by the stride. */
  planes: usize;
}

/** Elements of the filter of one output channel: the rows of the column matrix. */
// @ts-ignore: decorator
@inline
export function filterSize(args: Convolution): i32 {
  return args.channels * args.kernelHeight * args.kernelWidth;
}

/** Output pixels of a block. */
// @ts-ignore: decorator
@inline
export function blockPixels(args: Convolution): i32 {
  return args.images * args.rows * args.outWidth;
}

/** Whether filters are 1 × 1, with stride 1 and no padding. The image is its own column matrix then. */
// @ts-ignore: decorator
@inline
export function isPointwise(args: Convolution): bool {
  return (
    (args.kernelHeight & args.kernelWidth & args.strideY & args.strideX) == 1 &&
    (args.kernelHeight | args.kernelWidth | args.strideY | args.strideX) == 1 &&
    (args.padTop | args.padLeft) == 0
  );
}

/** The address of the residual of an element of y; 0 if there is none. */
// @ts-ignore: decorator
@inline
export function residualOf(args: Convolution, y: usize): usize {
  return args.residual ? args.residual + (y - args.y) : 0;
}

/** The address of a channel's plane in x. `channel` counts the channels of all groups. */
// @ts-ignore: decorator
@inline
export function channelOfX(args: Convolution, image: i32, channel: i32): usize {
  const plane = <usize>(args.height * args.width);
  return args.x + (((<usize>image * args.xChannels + channel) * plane) << 2);
}

/** The address of a channel's plane in y. `channel` counts the output channels of all groups. */
// @ts-ignore: decorator
@inline
export function channelOfY(args: Convolution, image: i32, channel: i32): usize {
  const plane = <usize>(args.outHeight * args.outWidth);
  return args.y + (((<usize>image * args.yChannels + channel) * plane) << 2);
}
