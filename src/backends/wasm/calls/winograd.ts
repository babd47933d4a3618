/**
 * Calls of Winograd's convolutions, F(m×m, 3×3), which winograd-cuts.ts divides: filters of 3 × 3, stride and dilation 1. The adjoint in x is a convolution of
 * the gradient, with channels exchanged and filters upside down, whose padding may not exceed 2.
 */
import type { Tensor } from '../../primitives.js';
import { ACTIVATION_CODES } from '../generated/codes.js';
import { Winograd } from '../generated/records.js';
import type { Blocking } from '../machine.js';
import { type CallKind, roundUp } from './call-kind.js';
import type { ConvolutionProblem } from './convolution.js';

/** Outputs of a tile along an axis. */
export type TileSize = 2 | 4 | 6;

/** Bytes of the transformed tiles of a block, about: half of a second cache. */
const TRANSFORMED_BYTES = 1 << 19;

/** Bounds of the tiles of a block: fewer would read the filters too often, more would not fit. */
const FEWEST_TILES = 32;
const MOST_TILES = 96;

/** Tiles of a block of the gradient in the filters, at most. */
const GRADIENT_TILES = 96;

/** Output channels of a block, about. */
const OUTS = 48;

/** Places of a transformed tile. */
const placesOf = (m: number): number => (m + 2) ** 2;

/** Tiles of all images of y. */
const tilesOf = (m: number, y: Tensor): number => y.shape[0] * Math.ceil(y.shape[2] / m) * Math.ceil(y.shape[3] / m);

/** Writes sizes: `x` is the image that is read, `y` the one that is written, or its gradient. */
function fillSizes(
  words: Uint32Array,
  at: number,
  m: TileSize,
  x: Tensor,
  y: Tensor,
  { geometry: { groups, pad }, activation }: ConvolutionProblem,
): void {
  words[at + Winograd.groups] = groups;
  words[at + Winograd.channels] = x.shape[1] / groups;
  words[at + Winograd.height] = x.shape[2];
  words[at + Winograd.width] = x.shape[3];
  words[at + Winograd.outChannels] = y.shape[1] / groups;
  words[at + Winograd.outHeight] = y.shape[2];
  words[at + Winograd.outWidth] = y.shape[3];
  words[at + Winograd.padTop] = pad[0];
  words[at + Winograd.padLeft] = pad[1];
  words[at + Winograd.activation] = ACTIVATION_CODES[activation];
  words[at + Winograd.end] = tilesOf(m, y);
  words[at + Winograd.yChannels] = y.shape[1];
  words[at + Winograd.m] = m;
}

/** Writes the tiles and output channels of a block of a convolution. */
function fillBlocks(words: Uint32Array, at: number, { tileRows, tileColumns }: Blocking): void {
  const all = words[at + Winograd.end];
  const outChannels = words[at + Winograd.outChannels];
  const tileBytes = placesOf(words[at + Winograd.m]) * words[at + Winograd.channels] * 4;
  const fitting = roundUp(Math.floor(TRANSFORMED_BYTES / tileBytes), tileColumns);
  const most = Math.min(MOST_TILES, Math.max(FEWEST_TILES, fitting));
  // Blocks of one size: a last block of a few tiles would read all filters for little.
  words[at + Winograd.tiles] = Math.min(roundUp(all / Math.ceil(all / most), tileColumns), roundUp(all, 4));
  // Blocks of an even number, which two threads divide fairly.
  words[at + Winograd.outs] = roundUp(Math.ceil(outChannels / (2 * Math.ceil(outChannels / (2 * OUTS)))), tileRows);
}

const record = { words: Winograd.words, workspace: Winograd.workspace, bias: Winograd.bias };

/** y = act(conv(x, w) + bias + residual). Prepared, it keeps (m + 2)²/9 times the weight. */
const forward = (m: TileSize): CallKind<ConvolutionProblem> => ({
  kernel: 'winograd',
  record,
  packing: {
    kernel: 'winogradFilters',
    source: Winograd.w,
    target: Winograd.weight,
    format: null,
    bytes: 'winogradFiltersBytes',
    formats: ['float32'],
    pays: () => true,
  },
  operands: ({ x, w, y, bias, residual }) => [
    [Winograd.x, x],
    [Winograd.w, w],
    [Winograd.y, y],
    [Winograd.bias, bias],
    [Winograd.residual, residual],
  ],
  fill(words, at, problem, blocking) {
    fillSizes(words, at, m, problem.x, problem.y, problem);
    fillBlocks(words, at, blocking);
  },
  label: () => `winograd ${m}×${m}`,
});

/** x = the gradient in x from y, the gradient in the output. */
const gradInput = (m: TileSize): CallKind<ConvolutionProblem> => ({
  ...forward(m),
  operands: ({ x, w, y }) => [
    [Winograd.x, y],
    [Winograd.w, w],
    [Winograd.y, x],
  ],
  fill(words, at, problem, blocking) {
    fillSizes(words, at, m, problem.y, problem.x, problem);
    fillBlocks(words, at, blocking);
    const { pad } = problem.geometry;
    words[at + Winograd.turned] = 1;
    words[at + Winograd.padTop] = 2 - pad[0];
    words[at + Winograd.padLeft] = 2 - pad[1];
  },
});

/** w = the gradient in w from x and y, the gradient in the output. */
const gradWeight = (m: 4 | 6): CallKind<ConvolutionProblem> => ({
  ...forward(m),
  kernel: 'winogradGradWeight',
  packing: null,
  fill(words, at, problem) {
    fillSizes(words, at, m, problem.x, problem.y, problem);
    const all = words[at + Winograd.end];
    words[at + Winograd.tiles] = Math.ceil(all / Math.ceil(all / GRADIENT_TILES));
  },
});

/** By direction and tile. */
export const winograd = {
  forward: { 2: forward(2), 4: forward(4), 6: forward(6) },
  gradInput: { 2: gradInput(2), 4: gradInput(4), 6: gradInput(6) },
  gradWeight: { 4: gradWeight(4), 6: gradWeight(6) },
} as const;
