/** The shape of a convolution, on which the choice of its algorithm depends. */
import type { Conv2dGeometry, Tensor } from '../../primitives.js';

/** A convolution from x to y, whichever of its operands is computed. */
export interface ConvolutionShape {
  readonly batch: number;
  readonly groups: number;
  /** Channels of one group. */
  readonly channels: number;
  readonly outChannels: number;
  readonly size: readonly [height: number, width: number];
  readonly outSize: readonly [height: number, width: number];
  readonly kernel: readonly [height: number, width: number];
  readonly geometry: Conv2dGeometry;
  /** Whether filters are packed or transformed beforehand. */
  readonly isPrepared: boolean;
}

export function shapeOf(
  x: Tensor,
  w: Tensor,
  geometry: Conv2dGeometry,
  y: Tensor,
  isPrepared = false,
): ConvolutionShape {
  return {
    batch: x.shape[0],
    groups: geometry.groups,
    channels: x.shape[1] / geometry.groups,
    outChannels: y.shape[1] / geometry.groups,
    size: [x.shape[2], x.shape[3]],
    outSize: [y.shape[2], y.shape[3]],
    kernel: [w.shape[2], w.shape[3]],
    geometry,
    isPrepared,
  };
}

/** The convolution of gy by 3 × 3 filters that computes the adjoint in x. It pads by what the forward one leaves out. */
export function adjointOf(shape: ConvolutionShape): ConvolutionShape {
  const { geometry } = shape;
  return {
    ...shape,
    channels: shape.outChannels,
    outChannels: shape.channels,
    size: shape.outSize,
    outSize: shape.size,
    geometry: { ...geometry, pad: [2 - geometry.pad[0], 2 - geometry.pad[1]] },
  };
}

/** Whether a filter sees its whole image at once, so that the output is one pixel and each image one row of a matrix. */
export function coversImage({ groups, size, outSize, kernel, geometry: { pad } }: ConvolutionShape): boolean {
  return (
    groups === 1 &&
    pad[0] === 0 &&
    pad[1] === 0 &&
    outSize[0] === 1 &&
    outSize[1] === 1 &&
    kernel[0] === size[0] &&
    kernel[1] === size[1]
  );
}

/** Whether groups are single channels with so few outputs that a product would be all packing. */
export const isDepthwise = ({ groups, channels, outChannels }: ConvolutionShape): boolean =>
  groups > 1 && channels === 1 && outChannels < 4;

/**
 * The most channels of a group, of x or y, that Winograd's kernels accept. They compute the bytes of one place of a block of tiles
 * in 32 bits: at most 96 tiles × 4 bytes for each channel, which stays below 2³² for this many channels.
 */
export const MOST_WINOGRAD_CHANNELS = 1 << 23;

/** Whether filters are 3 × 3 with stride and dilation 1, and Winograd's kernels accept the channels. */
export const isThreeByThree = ({
  kernel,
  channels,
  outChannels,
  geometry: { stride, dilation, pad },
}: ConvolutionShape): boolean =>
  channels > 0 &&
  Math.max(channels, outChannels) <= MOST_WINOGRAD_CHANNELS &&
  kernel[0] === 3 &&
  kernel[1] === 3 &&
  stride[0] === 1 &&
  stride[1] === 1 &&
  dilation[0] === 1 &&
  dilation[1] === 1 &&
  pad[0] >= 0 &&
  pad[1] >= 0;
