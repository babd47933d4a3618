/**
 * What each algorithm of a convolution costs for a shape: nanoseconds on one machine. Only their order counts; `node
 * bench/cost-model.mjs` checks it.
 */
import { roundUp } from '../calls/call-kind.js';
import type { TileSize } from '../calls/winograd.js';
import type { Blocking } from '../machine.js';
import type { ConvolutionShape } from './shape.js';

/** Nanoseconds of one multiply-add in the product's tile. */
const MULTIPLY_ADD = 0.036;

/** The terms that a sum seems to have beyond its own: loading and storing its tile. */
const EXTRA_TERMS = 6;

/** Nanoseconds to pack an element of the column matrix, and of the filters. */
const PACK_COLUMN = 0.5;
const PACK_FILTER = 0.6;

/** Nanoseconds of one multiply-add of a direct sum. */
const DIRECT = 0.08;

/** Nanoseconds to read a byte of transformed filters from beyond the second cache, for each block of tiles. */
const READ_FILTER = 0.07;

/** Nanoseconds to transform a tile of one channel, and a filter of one channel. */
const TRANSFORMS = {
  2: { input: 4, output: 5, filter: 8 },
  4: { input: 9, output: 14, filter: 14 },
  6: { input: 16, output: 32, filter: 26 },
} as const;

/** Nanoseconds that a kept byte of transformed filters counts as: of two equally fast algorithms the smaller one wins. */
const KEEP_FILTER = 0.05;

/** Tiles that share one reading of the filters, about. */
const TILES_PER_READING = 48;

/** Nanoseconds to transform the sums of a filter of one channel back, and to gather them from all places. */
const GATHER_FILTER = { 4: 24, 6: 36 } as const;

/** Nanoseconds to transform the gradient of a tile of one output channel. */
const SPREAD_OUTPUT = { 4: 12, 6: 25 } as const;

/** Nanoseconds of a product of one place of a block of tiles, however small. */
const CALL = 35;

/** Tiles of a block of the gradient in the filters, about. */
const GRADIENT_TILES = 96;

/** Nanoseconds of a product of blocks. Ragged tiles count as whole ones. */
const productCost = ({ tileRows }: Blocking, m: number, n: number, k: number): number =>
  roundUp(m, tileRows) * roundUp(n, 4) * (k + EXTRA_TERMS) * MULTIPLY_ADD;

/** Tiles of all images. */
const tilesOf = (m: TileSize, { batch, outSize }: ConvolutionShape): number =>
  batch * Math.ceil(outSize[0] / m) * Math.ceil(outSize[1] / m);

export function im2colCost(shape: ConvolutionShape, blocking: Blocking): number {
  const { batch, groups, channels, outChannels, outSize, kernel, isPrepared } = shape;
  const terms = channels * kernel[0] * kernel[1];
  const pixels = batch * outSize[0] * outSize[1];
  const columns = terms * pixels * PACK_COLUMN;
  const filters = isPrepared ? 0 : terms * outChannels * PACK_FILTER;
  return groups * (productCost(blocking, outChannels, pixels, terms) + columns + filters);
}

export function depthwiseCost({ batch, groups, outChannels, outSize, kernel }: ConvolutionShape): number {
  return groups * outChannels * batch * outSize[0] * outSize[1] * kernel[0] * kernel[1] * DIRECT;
}

export function winogradCost(m: TileSize, shape: ConvolutionShape, blocking: Blocking): number {
  const { groups, channels, outChannels, isPrepared } = shape;
  const { input, output, filter } = TRANSFORMS[m];
  const places = (m + 2) ** 2;
  const tiles = tilesOf(m, shape);
  const filters = channels * outChannels;
  const forFilters = filters * (isPrepared ? places * 4 * KEEP_FILTER : filter);
  const transforms = tiles * (channels * input + outChannels * output) + forFilters;
  const readings = Math.ceil(tiles / TILES_PER_READING) * places * filters * 4;
  const product = places * productCost(blocking, outChannels, tiles, channels);
  // Reading ahead hides behind the product, or the product behind it.
  return groups * (Math.max(product, readings * READ_FILTER) + transforms);
}

export function im2colGradWeightCost(shape: ConvolutionShape, blocking: Blocking): number {
  const { batch, groups, channels, outChannels, outSize, kernel } = shape;
  const terms = channels * kernel[0] * kernel[1];
  const pixels = batch * outSize[0] * outSize[1];
  return groups * (productCost(blocking, outChannels, terms, pixels) + terms * pixels * PACK_COLUMN);
}

export function winogradGradWeightCost(m: 4 | 6, shape: ConvolutionShape, blocking: Blocking): number {
  const { groups, channels, outChannels } = shape;
  const tiles = tilesOf(m, shape);
  const lanes = roundUp(channels, 4) * TRANSFORMS[m].input + roundUp(outChannels, blocking.tileRows) * SPREAD_OUTPUT[m];
  const calls = Math.ceil(tiles / GRADIENT_TILES) * CALL;
  const product = (m + 2) ** 2 * (productCost(blocking, outChannels, channels, tiles) + calls);
  return groups * (product + tiles * lanes + channels * outChannels * GATHER_FILTER[m]);
}
