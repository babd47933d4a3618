/** Calls of the convolutions that are products of filters with a column matrix, which exists only as packed panels. */
import { Convolution } from '../generated/records.js';
import type { CallKind } from './call-kind.js';
import { type ConvolutionProblem, convolution } from './convolution.js';

/** Output pixels of a block, about. */
const PIXELS = 512;

/** A block is some whole images, or some rows of one. */
function fill(words: Uint32Array, at: number, problem: ConvolutionProblem): void {
  convolution.fill(words, at, problem);
  const [batch, , outHeight, outWidth] = problem.y.shape;
  const images = Math.max(1, Math.min(batch, Math.floor(PIXELS / (outHeight * outWidth))));
  words[at + Convolution.images] = images;
  words[at + Convolution.rows] =
    images > 1 ? outHeight : Math.max(1, Math.min(outHeight, Math.floor(PIXELS / outWidth)));
  words[at + Convolution.endRow] = outHeight;
}

/** Whether every pixel is used once, so that the image is its own column matrix. */
const isPointwise = ({ x, w, y, geometry: { stride, pad } }: ConvolutionProblem): boolean =>
  w.shape[2] * w.shape[3] * stride[0] * stride[1] === 1 &&
  pad[0] + pad[1] === 0 &&
  x.shape[2] === y.shape[2] &&
  x.shape[3] === y.shape[3];

const label = (problem: ConvolutionProblem): string => (isPointwise(problem) ? '1×1 product' : 'im2col in panels');

const forward: CallKind<ConvolutionProblem> = {
  ...convolution,
  kernel: 'convForward',
  packing: {
    kernel: 'packFilters',
    source: Convolution.w,
    target: Convolution.weight,
    format: Convolution.format,
    bytes: 'filtersBytes',
    formats: ['float32', 'float16', 'int8'],
    pays: ({ w }) => w.memory.size > 0,
  },
  fill,
  label,
};

const gradInput: CallKind<ConvolutionProblem> = {
  ...convolution,
  kernel: 'convGradInput',
  fill,
  label,
};

const gradWeight: CallKind<ConvolutionProblem> = {
  ...convolution,
  kernel: 'convGradWeight',
  fill,
  label,
};

/** By direction. */
export const im2col = { forward, gradInput, gradWeight };
