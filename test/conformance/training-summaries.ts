/** Cases of Summary and DictSummary: means, standard deviations, and what they save. */
import { DictSummary, np, Summary } from 'rensa';
import { compareJson, Mismatch } from './compare.js';
import type { Case, Group } from './group.js';
import { compareEntries, type Entry, restore, saved } from './saved-entries.js';

interface SummaryCase extends Case {
  readonly values: readonly number[];
  readonly weights: readonly number[];
  readonly mean: number;
  readonly statistics: readonly [mean: number, std: number];
  readonly entries: readonly Entry[];
}

/** The value of one name: a number; under `a` and `x` a pair of value and weight may be in its place, else it is a vector. */
type Told = number | readonly number[];

interface DictSummaryCase extends Case {
  readonly observations: readonly Readonly<Record<string, Told>>[];
  readonly mean: Readonly<Record<string, number>>;
  readonly statistics: Readonly<Record<string, number>>;
  readonly entries: readonly Entry[];
}

const RTOL = 1e-12;
const PAIRED = new Set(['a', 'x']);

export async function runSummary(_: Group, testCase: Case): Promise<void> {
  const { values, weights, mean, statistics, entries } = testCase as SummaryCase;
  const summary = new Summary();
  for (const [i, value] of values.entries()) summary.add(value, weights[i]);
  const restored = new Summary();
  restore(restored, saved(summary));
  for (const [what, one] of Object.entries({ summary, restored })) {
    compareJson(`${what}: mean`, await one.computeMean(), mean, RTOL);
    compareJson(`${what}: statistics`, await one.makeStatistics(), statistics, RTOL);
    compareEntries(saved(one), entries, RTOL);
  }
}

function observed(name: string, told: Told) {
  if (typeof told === 'number') return told;
  if (!PAIRED.has(name)) return np.array(told);
  const [value, weight, ...rest] = told;
  if (weight === undefined || rest.length > 0) throw new Mismatch(`'${name}' is not a pair of value and weight`);
  return [value, weight] as const;
}

export async function runDictSummary(_: Group, testCase: Case): Promise<void> {
  const { observations, mean, statistics, entries } = testCase as DictSummaryCase;
  const summary = new DictSummary();
  for (const observation of observations) {
    summary.add(Object.fromEntries(Object.entries(observation).map(([name, told]) => [name, observed(name, told)])));
  }
  const restored = new DictSummary();
  restore(restored, saved(summary));
  for (const [what, one] of Object.entries({ summary, restored })) {
    compareJson(`${what}: mean`, await one.computeMean(), mean, RTOL);
    compareJson(`${what}: statistics`, await one.makeStatistics(), statistics, RTOL);
    compareEntries(saved(one), entries, RTOL);
  }
}
