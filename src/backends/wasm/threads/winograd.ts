/** Winograd's convolutions, divided by tiles, or by output channels where blocks of tiles are few and filters many. */
import type { Kernels } from '../loader.js';
import type { Blocking } from '../machine.js';
import { WORK_BYTES } from '../products.js';
import { type Division, move, type Parts } from './parts.js';

/** Words of the record of assembly/conv/winograd/winograd.ts. */
const Wino = {
  groups: 0,
  channels: 1,
  outChannels: 4,
  outHeight: 5,
  outWidth: 6,
  w: 10,
  turned: 11,
  y: 12,
  bias: 13,
  residual: 14,
  first: 16,
  end: 17,
  tiles: 18,
  outs: 19,
  filters: 20,
  table: 21,
  work: 26,
  m: 28,
} as const;
const WORDS = 29;

/** Tiles that are multiplied together, at least. */
const TILES = 4;

/** Output channels whose products take as long as the transform of an input channel, which each part does again. */
const TRANSFORM = 7;

/** Multiply-adds that the transform of a filter takes as long as. */
const FILTER = 300;

/** Output channels of the only group. */
function byOutChannel(words: Int32Array, unit: number, hasFilters: boolean) {
  const channels = words[Wino.channels];
  const plane = 4 * words[Wino.outHeight] * words[Wino.outWidth];
  const places = (words[Wino.m] + 2) ** 2;
  return {
    n: words[Wino.outChannels],
    unit,
    change: (part: Int32Array, first: number, count: number) => {
      part[Wino.outChannels] = count;
      part[Wino.w] += 36 * first * channels;
      if (hasFilters) part[Wino.filters] += 4 * first * channels * places;
      part[Wino.y] += first * plane;
      move(part, Wino.bias, 4 * first);
      move(part, Wino.residual, first * plane);
    },
  };
}

/** The kernels of this file, divided. */
export function divideWinograd(parts: Parts, { tileRows }: Blocking): Partial<Kernels> {
  const divisionOf = (
    words: Int32Array,
    kernel: Division['kernel'],
    record: number,
    work: number,
    first: number = Wino.table,
  ) => ({
    kernel,
    record,
    size: WORDS,
    rooms: [first, Wino.work] as const,
    begin: words[first],
    bytes: words[Wino.work] + WORK_BYTES - words[first],
    work,
  });
  const productsOf = (words: Int32Array) =>
    words[Wino.end] * words[Wino.groups] * words[Wino.channels] * words[Wino.outChannels] * (words[Wino.m] + 2) ** 2;

  const winograd = (record: number) => {
    const words = parts.words(record, WORDS);
    const division = divisionOf(words, 'winograd', record, productsOf(words));
    const [all, tiles, outs] = [words[Wino.end], words[Wino.tiles], words[Wino.outs]];
    const threads = parts.team.size;
    const outChannels = words[Wino.outChannels];
    const byTiles = (Math.ceil(all / threads / TILES) * TILES) / all;
    const byOuts = (Math.ceil(outChannels / outs / threads) * outs + TRANSFORM) / (outChannels + TRANSFORM);
    // Where all tiles are one block or little more, parts of them would read all filters each.
    if (words[Wino.groups] === 1 && byOuts < byTiles + (all < tiles * threads ? 0.1 : 0)) {
      parts.run({ ...division, ...byOutChannel(words, outs, true) });
      return;
    }
    parts.run({
      ...division,
      n: all,
      unit: TILES,
      change: (part, first, count) => {
        part[Wino.first] = first;
        part[Wino.end] = first + count;
        // Blocks of one size: a last block of a few tiles would read all filters for little.
        part[Wino.tiles] = Math.min(tiles, Math.ceil(count / Math.ceil(count / tiles) / TILES) * TILES);
      },
    });
  };

  const winogradFilters = (record: number) => {
    const words = parts.words(record, WORDS);
    if (words[Wino.groups] > 1 || words[Wino.turned]) {
      parts.whole('winogradFilters', record);
      return;
    }
    const work = words[Wino.channels] * words[Wino.outChannels] * FILTER;
    const division = divisionOf(words, 'winogradFilters', record, work);
    parts.run({ ...division, ...byOutChannel(words, words[Wino.outs], true) });
  };

  const winogradGradWeight = (record: number) => {
    const words = parts.words(record, WORDS);
    if (words[Wino.groups] > 1) {
      parts.whole('winogradGradWeight', record);
      return;
    }
    // What the forward kernels have as filters is a room here.
    const division = divisionOf(words, 'winogradGradWeight', record, productsOf(words), Wino.filters);
    parts.run({ ...division, ...byOutChannel(words, tileRows, false) });
  };

  return { winograd, winogradFilters, winogradGradWeight };
}
