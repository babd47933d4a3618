/** The cuts of Winograd's convolutions. */
import { Winograd } from '../generated/records.js';
import { type Cut, type Division, move } from './cut.js';

/** Places of a transformed tile. */
const placesOf = (m: number): number => (m + 2) ** 2;

/** Each share starts at a multiple of this many tiles, which the kernels compute together. */
const TILES = 4;

/**
 * The transform of an input channel takes as long as its products for this many output channels. In a cut by output channels,
 * each thread repeats the transforms.
 */
const TRANSFORM = 7;

/** The transform of a filter takes as long as this many multiply-adds. */
const FILTER = 300;

/** Multiply-adds of a call. */
const workOf = (words: Int32Array): number =>
  words[Winograd.end] *
  words[Winograd.groups] *
  words[Winograd.channels] *
  words[Winograd.outChannels] *
  placesOf(words[Winograd.m]);

/** A cut by output channels, for a call with one group. */
const byOutChannel = (words: Int32Array, unit: number, work: number): Cut => ({
  n: words[Winograd.outChannels],
  unit,
  work,
  take(share, first, count) {
    const channels = share[Winograd.channels];
    const yBytes = 4 * first * share[Winograd.outHeight] * share[Winograd.outWidth];
    share[Winograd.outChannels] = count;
    share[Winograd.w] += 36 * first * channels;
    share[Winograd.weight] += 4 * first * channels * placesOf(share[Winograd.m]);
    share[Winograd.y] += yBytes;
    move(share, Winograd.bias, 4 * first);
    move(share, Winograd.residual, yBytes);
  },
});

/** A cut by tiles of all images. */
const byTile = (words: Int32Array): Cut => ({
  n: words[Winograd.end],
  unit: TILES,
  work: workOf(words),
  take(share, first, count) {
    const tiles = share[Winograd.tiles];
    share[Winograd.first] = first;
    share[Winograd.end] = first + count;
    // All blocks of a share have about the same size: a small last block would read all filters for little work.
    share[Winograd.tiles] = Math.min(tiles, Math.ceil(count / Math.ceil(count / tiles) / TILES) * TILES);
  },
});

/** The cut of a convolution: by tiles or by output channels, whichever makes the largest share smaller. */
export function winogradCut(words: Int32Array, { threads }: Division): Cut {
  const [all, tiles, outs] = [words[Winograd.end], words[Winograd.tiles], words[Winograd.outs]];
  const outChannels = words[Winograd.outChannels];
  const tilesShare = (Math.ceil(all / threads / TILES) * TILES) / all;
  const outsShare = (Math.ceil(outChannels / outs / threads) * outs + TRANSFORM) / (outChannels + TRANSFORM);
  // In a cut by tiles each thread reads all filters, which costs too much if it has less than a block of tiles.
  const advantage = all < tiles * threads ? 0.1 : 0;
  return words[Winograd.groups] === 1 && outsShare < tilesShare + advantage
    ? byOutChannel(words, outs, workOf(words))
    : byTile(words);
}

/** The cut of the transform of the filters; null if the call cannot be cut. */
export function winogradFiltersCut(words: Int32Array): Cut | null {
  if (words[Winograd.groups] > 1 || words[Winograd.turned]) return null;
  const work = words[Winograd.channels] * words[Winograd.outChannels] * FILTER;
  return byOutChannel(words, words[Winograd.outs], work);
}

/** The cut of the gradient in the filters; null if the call cannot be cut. */
export const winogradGradWeightCut = (words: Int32Array, { blocking }: Division): Cut | null =>
  words[Winograd.groups] > 1 ? null : byOutChannel(words, blocking.tileRows, workOf(words));
