/**
 * Two builds timed in turns: each has its own process or page, and only one of them runs at a time. A ratio is this build's time
 * over the other's, of two samples taken one after the other.
 */
import { SAMPLE_MS } from './measure.mjs';

/**
 * The least length of a turn in milliseconds. It is longer than a sample among peers, because the other process has
 * used the caches before.
 */
const TURN_MS = 4 * SAMPLE_MS;
const [FEWEST_TURNS, MOST_TURNS] = [4, 100];

/**
 * @typedef {Pick<import('./turns.mjs').Turns, 'next' | 'warmUp' | 'time'>} Side
 * @typedef {{ title: string, name: string, samples: [number[], number[]] }} Compared milliseconds of this build, and of the other
 * @typedef {{ least: number, median: number, quartiles: [number, number] }} Ratio of the least times; of pairs of samples
 */

/**
 * Times all cases of an entry.
 * @param {[Side, Side]} sides this build's and the other's
 * @returns {AsyncGenerator<Compared>}
 */
export async function* inTurns(sides) {
  for (;;) {
    const [ours, theirs] = [await sides[0].next(), await sides[1].next()];
    if (!ours || !theirs) return;
    const title = ours.title === theirs.title ? ours.title : `${ours.title}; against: ${theirs.title}`;
    for (const [k, name] of ours.names.entries()) {
      const once = Math.max(await sides[0].warmUp(k), await sides[1].warmUp(k));
      const repeats = Math.max(1, Math.ceil(TURN_MS / once));
      const turns = Math.max(FEWEST_TURNS, Math.min(MOST_TURNS, Math.floor(ours.budgetMs / (once * repeats))));
      const samples = [[], []];
      for (let turn = 0; turn < turns; turn++) {
        // The build that begins alternates, so that neither is always the one after a pause.
        for (const i of turn % 2 === 0 ? [0, 1] : [1, 0]) samples[i].push(await sides[i].time(k, repeats));
      }
      yield { title, name, samples };
    }
  }
}

/** The quantile of sorted numbers. */
const quantile = (sorted, part) => sorted[Math.round(part * (sorted.length - 1))];

/** The ratio of two builds' samples, taken in pairs.
 * @param {[number[], number[]]} samples
 * @returns {Ratio} */
export function ratioOf([ours, theirs]) {
  const ratios = ours.map((took, i) => took / theirs[i]).sort((a, b) => a - b);
  return {
    least: Math.min(...ours) / Math.min(...theirs),
    median: quantile(ratios, 0.5),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  };
}
