/** Calls of the convolutions of single channels, which are sums of taps. */
import type { Pool2dGeometry, Tensor } from '../../primitives.js';
import { Convolution } from '../generated/records.js';
import type { CallKind } from './call-kind.js';
import { type ConvolutionProblem, convolution, fillSizes } from './convolution.js';

const label = (): string => 'depthwise';

const forward: CallKind<ConvolutionProblem> = {
  ...convolution,
  kernel: 'convDepthwise',
  label,
};

const gradInput: CallKind<ConvolutionProblem> = {
  ...convolution,
  kernel: 'convDepthwiseGradInput',
  label,
};

const gradWeight: CallKind<ConvolutionProblem> = {
  ...convolution,
  kernel: 'convDepthwiseGradWeight',
  label,
};

/** By direction. */
export const depthwise = { forward, gradInput, gradWeight };

/** An average pooling, or its adjoint: `x` has the images' shape, `y` that of their averages. */
export interface AveragePoolingProblem {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly geometry: Pool2dGeometry;
}

/** Averages as the convolution of each plane by itself. Without filters, the kernels take the mean. */
const averaging = (kind: CallKind<ConvolutionProblem>): CallKind<AveragePoolingProblem> => ({
  ...kind,
  packing: null,
  operands: ({ x, y }) => [
    [Convolution.x, x],
    [Convolution.y, y],
  ],
  fill: (words, at, { x, y, geometry: { ksize, stride, pad } }) => {
    const planes = ({ shape: [n, c, height, width] }: Tensor) => [n * c, 1, height, width];
    const geometry = { stride, pad, dilation: [1, 1], groups: 1 } as const;
    fillSizes(words, at, planes(x), [1, 1, ...ksize], planes(y), geometry);
  },
  label: () => 'average pooling',
});

export const averagePooling = averaging(forward);
export const averagePoolingGrad = averaging(gradInput);
