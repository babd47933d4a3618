/** Means of reported values, as Chainer's reporter has them. */
import { describe, expect, it, test } from 'vitest';
import { DictSummary, np, Summary, ValueError } from '../../src/index.js';
import { type Entry, expectEntries, load, saved, trainingCases } from '../support/training-fixtures.js';

test.each(
  trainingCases<{ values: number[]; weights: number[]; mean: number; statistics: [number, number]; entries: Entry[] }>(
    'Summary',
  ),
)('$name follows Chainer', async ({ values, weights, mean, statistics, entries }) => {
  const summary = new Summary();
  values.forEach((value, i) => {
    summary.add(value, weights[i]);
  });
  expect(await summary.computeMean()).toBeCloseTo(mean, 12);
  const got = await summary.makeStatistics();
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(statistics[i], 12);
  });
  expectEntries(saved(summary), entries);
  const restored = new Summary();
  load(restored, saved(summary));
  expect(await restored.makeStatistics()).toEqual(got);
});

test.each(
  trainingCases<{
    observations: Record<string, number | number[]>[];
    mean: Record<string, number>;
    statistics: Record<string, number>;
    entries: Entry[];
  }>('DictSummary'),
)('$name follows Chainer', async ({ observations, mean, statistics, entries }) => {
  const summary = new DictSummary();
  for (const observation of observations) {
    const values = Object.entries(observation).map(([key, value]) => {
      if (typeof value === 'number') return [key, value] as const;
      // A list under a or x is a value with its weight, under v and z a vector.
      return [key, 'ax'.includes(key) ? ([value[0], value[1]] as const) : np.array(value)] as const;
    });
    summary.add(Object.fromEntries(values));
  }
  const means = await summary.computeMean();
  expect(Object.keys(means)).toEqual(Object.keys(mean));
  const got = { ...means, ...(await summary.makeStatistics()) };
  for (const [key, want] of Object.entries({ ...mean, ...statistics })) expect(got[key], key).toBeCloseTo(want, 12);
  expectEntries(saved(summary), entries);
  const restored = new DictSummary();
  restored.add({ other: 1 });
  load(restored, saved(summary));
  expect(await restored.makeStatistics()).toEqual(await summary.makeStatistics());
});

describe('DictSummary', () => {
  it('takes 0-d arrays as numbers, and keeps none of them', async () => {
    const summary = new DictSummary();
    const { arrays } = np.memory();
    for (const value of [1, 2, 6]) {
      using x = np.array(value);
      summary.add({ x });
    }
    expect(np.memory().arrays).toBe(arrays);
    expect(await summary.computeMean()).toEqual({ x: 3 });
  });

  it('refuses weights that are vectors', () => {
    expect(() => new DictSummary().add({ x: [1, np.array([1, 2])] })).toThrow(ValueError);
  });

  it('forgets', async () => {
    const summary = new DictSummary();
    summary.add({ x: 1 });
    summary.clear();
    expect(await summary.computeMean()).toEqual({});
  });
});
