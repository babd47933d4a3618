/**
 * The record that all convolutions but Winograd's share. im2col.ts, depthwise.ts and plain-loops.ts make kinds of calls of
 * it; convolution-cuts.ts divides them.
 */
import type { Activation } from '../../ops.js';
import type { Conv2dGeometry, Tensor } from '../../primitives.js';
import { ACTIVATION_CODES } from '../generated/codes.js';
import { Convolution } from '../generated/records.js';
import type { CallKind } from './call-kind.js';

/** A convolution or one of its gradients. Operands have their names in the convolution, whichever is the result. */
export interface ConvolutionProblem {
  readonly x: Tensor;
  readonly w: Tensor;
  readonly y: Tensor;
  readonly geometry: Conv2dGeometry;
  readonly bias: Tensor | null;
  readonly activation: Activation;
  readonly residual: Tensor | null;
}

/** Writes the sizes of a convolution. */
export function fillSizes(
  words: Uint32Array,
  at: number,
  x: readonly number[],
  w: readonly number[],
  y: readonly number[],
  { stride, pad, dilation, groups }: Conv2dGeometry,
): void {
  words[at + Convolution.batch] = x[0];
  words[at + Convolution.groups] = groups;
  words[at + Convolution.channels] = w[1];
  words[at + Convolution.height] = x[2];
  words[at + Convolution.width] = x[3];
  words[at + Convolution.outChannels] = w[0] / groups;
  words[at + Convolution.outHeight] = y[2];
  words[at + Convolution.outWidth] = y[3];
  words[at + Convolution.kernelHeight] = w[2];
  words[at + Convolution.kernelWidth] = w[3];
  words[at + Convolution.strideY] = stride[0];
  words[at + Convolution.strideX] = stride[1];
  words[at + Convolution.dilationY] = dilation[0];
  words[at + Convolution.dilationX] = dilation[1];
  words[at + Convolution.padTop] = pad[0];
  words[at + Convolution.padLeft] = pad[1];
  words[at + Convolution.xChannels] = x[1];
  words[at + Convolution.yChannels] = y[1];
}

/** What kinds of calls with this record have in common, for kernels that pack nothing beforehand. */
export const convolution = {
  record: { words: Convolution.words, workspace: Convolution.workspace, bias: Convolution.bias },
  packing: null,
  operands: ({ x, w, y, bias, residual }) => [
    [Convolution.x, x],
    [Convolution.w, w],
    [Convolution.y, y],
    [Convolution.bias, bias],
    [Convolution.residual, residual],
  ],
  fill: (words, at, { x, w, y, geometry, activation }) => {
    fillSizes(words, at, x.shape, w.shape, y.shape, geometry);
    words[at + Convolution.activation] = ACTIVATION_CODES[activation];
  },
} satisfies Partial<CallKind<ConvolutionProblem>>;
