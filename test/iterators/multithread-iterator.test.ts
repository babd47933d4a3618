/** Batches that are fetched ahead are those of SerialIterator, in the same order and at the same positions. */
import { describe, expect, it } from 'vitest';
import { datasets, iterators, L, np, training, ValueError } from '../../src/index.js';
import { load, saved } from '../support/training-fixtures.js';

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Examples that come after a while, the earlier ones later. */
class Slow implements datasets.Dataset<number> {
  readonly length = 10;
  inFlight = 0;
  most = 0;
  failAt = -1;
  get(): number {
    throw new Error('not loaded');
  }
  async load(indices: Int32Array): Promise<datasets.Dataset<number>> {
    this.inFlight++;
    this.most = Math.max(this.most, this.inFlight);
    await new Promise((resolve) => setTimeout(resolve, 2));
    this.inFlight--;
    if (indices.includes(this.failAt)) throw new RangeError(`no ${this.failAt}`);
    return datasets.asDataset(Array.from(indices));
  }
}

const place = ({
  epoch,
  epochDetail,
  previousEpochDetail,
  isNewEpoch,
  currentPosition,
}: iterators.SerialIterator<number>) => ({
  epoch,
  epochDetail,
  previousEpochDetail,
  isNewEpoch,
  currentPosition,
});

describe.each([0, 1, 3])('MultithreadIterator with %d batches ahead', (nPrefetch) => {
  it.each([true, false])("gives SerialIterator's batches, repeat %s", async (repeat) => {
    np.random.seed(5);
    const serial = new iterators.SerialIterator(range(10), 4, { repeat });
    const wanted = range(8).map(() => ({ batch: [...(serial.next().value ?? [])], ...place(serial) }));
    np.random.seed(5);
    const iterator = new iterators.MultithreadIterator(new Slow(), 4, { repeat, nPrefetch });
    for (const want of wanted) {
      const { value } = await iterator.next();
      const { epoch, epochDetail, previousEpochDetail, isNewEpoch, currentPosition } = iterator;
      const got = { epoch, epochDetail, previousEpochDetail, isNewEpoch, currentPosition };
      expect({ batch: [...(value ?? [])], ...got }).toEqual(want);
    }
  });
});

describe('MultithreadIterator', () => {
  it('fetches ahead', async () => {
    const dataset = new Slow();
    const iterator = new iterators.MultithreadIterator(dataset, 2, { shuffle: false, nPrefetch: 2 });
    await iterator.next();
    expect(dataset.most).toBe(3);
  });

  it('visits an epoch in a for await, and again after a reset', async () => {
    const iterator = new iterators.MultithreadIterator(new Slow(), 4, { shuffle: false, repeat: false });
    for (const _ of range(2)) {
      const batches: number[][] = [];
      for await (const batch of iterator) batches.push([...batch]);
      expect(batches).toEqual([
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9],
      ]);
      iterator.reset();
    }
  });

  it('resumes where it was, not where it had fetched to', async () => {
    const first = new iterators.MultithreadIterator(new Slow(), 3, { shuffle: false, nPrefetch: 2 });
    await first.next();
    const second = new iterators.MultithreadIterator(new Slow(), 3, { shuffle: false });
    await second.next();
    load(second, saved(first));
    expect([...((await second.next()).value ?? [])]).toEqual([3, 4, 5]);
    expect([...((await first.next()).value ?? [])]).toEqual([3, 4, 5]);
  });

  it('throws an error to the caller that asks for the batch, and only then', async () => {
    const dataset = new Slow();
    dataset.failAt = 3;
    const iterator = new iterators.MultithreadIterator(dataset, 2, { shuffle: false });
    expect([...((await iterator.next()).value ?? [])]).toEqual([0, 1]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(iterator.next()).rejects.toThrow('no 3');
  });

  it('takes lists, and refuses invalid numbers', async () => {
    const iterator = new iterators.MultithreadIterator([7, 8], 2, { shuffle: false });
    expect([...((await iterator.next()).value ?? [])]).toEqual([7, 8]);
    expect(() => new iterators.MultithreadIterator([1], 1, { nPrefetch: -1 })).toThrow(ValueError);
  });
});

it('gives no batch of an empty dataset, and an Evaluator over it nothing', async () => {
  const iterator = new iterators.MultithreadIterator([], 4, { repeat: false, nThreads: 0 });
  const batches: unknown[] = [];
  for await (const batch of iterator) batches.push(batch);
  expect([batches.length, iterator.length]).toEqual([0, 0]);
  const model = new L.Classifier(new L.Linear(2, 2));
  expect(await new training.extensions.Evaluator(iterator, model).invoke()).toEqual({});
});
