/** The cuts of Winograd's convolutions. */
import { Winograd } from '../generated/records.js';
import { type Cut, type Division, move } from './cut.js';

/** Places of a transformed tile. */
const placesOf = (m: number): number => (m + 2) ** 2;

/** Tiles of a thread start at multiples of this: they are multiplied together. */
const TILES = 4;

/** Output channels whose products take as long as the transform of an input channel, which each thread does again. */
const TRANSFORM = 7;

/** Multiply-adds that take as long as the transform of a filter. */
const FILTER = 300;

/** Multiply-adds of a call. */
const workOf = (words: Int32Array): number =>
  words[Winograd.end] *
  words[Winograd.groups] *
  words[Winograd.channels] *
  words[Winograd.outChannels] *
  placesOf(words[Winograd.m]);

/** Output channels of the only group. */
const byOutChannel = (words: Int32Array, unit: number, work: number): Cut => ({
  n: words[Winograd.outChannels],
  unit,
  work,
  take(part, first, count) {
    const channels = part[Winograd.channels];
    const yBytes = 4 * first * part[Winograd.outHeight] * part[Winograd.outWidth];
    part[Winograd.outChannels] = count;
    part[Winograd.w] += 36 * first * channels;
    part[Winograd.weight] += 4 * first * channels * placesOf(part[Winograd.m]);
    part[Winograd.y] += yBytes;
    move(part, Winograd.bias, 4 * first);
    move(part, Winograd.residual, yBytes);
  },
});

/** Tiles of all images. */
const byTile = (words: Int32Array): Cut => ({
  n: words[Winograd.end],
  unit: TILES,
  work: workOf(words),
  take(part, first, count) {
    const tiles = part[Winograd.tiles];
    part[Winograd.first] = first;
    part[Winograd.end] = first + count;
    // Blocks of one size, as above.
    part[Winograd.tiles] = Math.min(tiles, Math.ceil(count / Math.ceil(count / tiles) / TILES) * TILES);
  },
});

/** The cut whose largest share is the smaller part of the call: by tiles, or by output channels. */
export function winogradCut(words: Int32Array, { threads }: Division): Cut {
  const [all, tiles, outs] = [words[Winograd.end], words[Winograd.tiles], words[Winograd.outs]];
  const outChannels = words[Winograd.outChannels];
  const tilesShare = (Math.ceil(all / threads / TILES) * TILES) / all;
  const outsShare = (Math.ceil(outChannels / outs / threads) * outs + TRANSFORM) / (outChannels + TRANSFORM);
  // Threads of few tiles would read all filters each.
  const advantage = all < tiles * threads ? 0.1 : 0;
  return words[Winograd.groups] === 1 && outsShare < tilesShare + advantage
    ? byOutChannel(words, outs, workOf(words))
    : byTile(words);
}

/** Cuts of the transform of the filters. */
export function winogradFiltersCut(words: Int32Array): Cut | null {
  if (words[Winograd.groups] > 1 || words[Winograd.turned]) return null;
  const work = words[Winograd.channels] * words[Winograd.outChannels] * FILTER;
  return byOutChannel(words, words[Winograd.outs], work);
}

/** Cuts of the gradient in the filters. */
export const winogradGradWeightCut = (words: Int32Array, { blocking }: Division): Cut | null =>
  words[Winograd.groups] > 1 ? null : byOutChannel(words, blocking.tileRows, workOf(words));
