/** Calls of the convolutions of float64, by plain loops. */
import { DIRECTION_CODES } from '../generated/codes.js';
import { Convolution } from '../generated/records.js';
import type { CallKind } from './call-kind.js';
import { type ConvolutionProblem, convolution } from './convolution.js';

const plain = (direction: keyof typeof DIRECTION_CODES): CallKind<ConvolutionProblem> => ({
  ...convolution,
  kernel: 'convF64',
  fill(words, at, problem) {
    convolution.fill(words, at, problem);
    words[at + Convolution.direction] = DIRECTION_CODES[direction];
  },
  label: () => 'plain loops',
});

/** By direction. */
export const plainLoops = { forward: plain('forward'), gradInput: plain('gradInput'), gradWeight: plain('gradWeight') };
