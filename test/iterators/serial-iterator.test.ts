/** Batches, epochs, orders and state of SerialIterator, as Chainer's are. */
import { describe, expect, it, test } from 'vitest';
import { iterators, np } from '../../src/index.js';
import { loadGroup } from '../support/load-fixture.js';
import { type Entry, expectEntries, load, saved, trainingCases } from '../support/training-fixtures.js';

interface State {
  current_position: number;
  epoch: number;
  is_new_epoch: boolean;
  epoch_detail: number;
  previous_epoch_detail: number | null;
}
type Step = State & { batch?: number[]; stop?: boolean };

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

function expectState(iterator: iterators.SerialIterator<number>, want: State): void {
  const { currentPosition, epoch, isNewEpoch, epochDetail, previousEpochDetail } = iterator;
  expect([currentPosition, epoch, isNewEpoch]).toEqual([want.current_position, want.epoch, want.is_new_epoch]);
  expect(epochDetail).toBeCloseTo(want.epoch_detail, 12);
  if (want.previous_epoch_detail === null) expect(previousEpochDetail).toBeNull();
  else expect(previousEpochDetail).toBeCloseTo(want.previous_epoch_detail, 12);
}

function expectSteps(iterator: iterators.SerialIterator<number>, steps: readonly Step[]): void {
  for (const step of steps) {
    const { done, value } = iterator.next();
    expect(done).toBe(step.stop ?? false);
    if (value) expect([...value]).toEqual(step.batch);
    expectState(iterator, step);
  }
}

describe('SerialIterator follows Chainer', () => {
  test.each(
    trainingCases<{
      n: number;
      batch_size: number;
      repeat: boolean;
      order_sampler?: string;
      initial: State;
      steps: Step[];
      after_reset?: State;
    }>('SerialIterator'),
  )('$name', ({ n, batch_size, repeat, order_sampler, initial, steps, after_reset }) => {
    const roll = (order: Int32Array) => Int32Array.from(order, (_, i) => order[(i + order.length - 1) % order.length]);
    const options = order_sampler ? { repeat, orderSampler: roll } : { repeat, shuffle: false };
    const iterator = new iterators.SerialIterator(range(n), batch_size, options);
    expectState(iterator, initial);
    expectSteps(iterator, steps);
    if (!after_reset) return;
    iterator.reset();
    expectState(iterator, after_reset);
  });

  test.each(
    trainingCases<{
      n: number;
      batch_size: number;
      after_steps: number;
      entries: Entry[];
      state: State;
      steps: Step[];
    }>('SerialIterator_resume'),
  )('$name', ({ n, batch_size, after_steps, entries, state, steps }) => {
    const make = () => new iterators.SerialIterator(range(n), batch_size, { shuffle: false });
    const first = make();
    for (let i = 0; i < after_steps; i++) first.next();
    expectEntries(saved(first), entries);
    const second = make();
    load(second, saved(first));
    expectState(second, state);
    expectSteps(second, steps);
  });

  test.each(
    trainingCases<{ n: number; batch_size: number; after_steps: number; entries: Entry[]; order: number[] }>(
      'SerialIterator_entries',
    ),
  )('$name', ({ n, batch_size, after_steps, entries, order }) => {
    const orderSampler = () => Int32Array.from(order);
    const iterator = new iterators.SerialIterator(range(n), batch_size, { orderSampler });
    for (let i = 0; i < after_steps; i++) iterator.next();
    const got = saved(iterator);
    expectEntries(got, entries);
    expect(Array.from(got.get('order')?.data as Int32Array)).toEqual(order);
    const restored = new iterators.SerialIterator(range(n), batch_size);
    load(restored, got);
    expect([...(restored.next().value ?? [])]).toEqual([...(iterator.next().value ?? [])]);
  });
});

describe('shuffling', async () => {
  const { manifest, arrays } = await loadGroup<{ cases: { name: string; op: string; seed: number }[] }>('numpy_random');
  const cases = manifest.cases.filter(({ op }) => op === 'SerialIterator');

  test.each(cases)('$name: a seed gives the order that NumPy gives Chainer', ({ name, seed }) => {
    np.random.seed(seed);
    const iterator = new iterators.SerialIterator(range(10), 4);
    const drawn = range(6).flatMap(() => [...(iterator.next().value ?? [])]);
    expect(drawn).toEqual(Array.from(arrays.get(`${name}/y`)?.data as Int32Array));
  });

  it('draws from a generator of its own', () => {
    const sampler = () => new iterators.ShuffleOrderSampler(new np.random.RandomState(7));
    const draw = (orderSampler: iterators.ShuffleOrderSampler) =>
      [...new iterators.SerialIterator(range(100), 100, { orderSampler, repeat: false })].flatMap((batch) => [
        ...batch,
      ]);
    expect(draw(sampler())).toEqual(Array.from(new np.random.RandomState(7).permutation(100)));
    expect(draw(sampler())).toEqual(draw(sampler()));
  });
});

describe('misuse', () => {
  it.each([0, -1, 1.5, Number.NaN])('a batch size of %s', (size) => {
    expect(() => new iterators.SerialIterator([1], size)).toThrow(/batch size/);
  });

  it('shuffle and an order sampler', () => {
    expect(() => new iterators.SerialIterator([1], 1, { shuffle: true, orderSampler: (o) => o })).toThrow(/not both/);
  });

  it('an empty dataset', () => {
    expect(() => new iterators.SerialIterator([], 1).next()).toThrow(/at least one/);
    for (const shuffle of [true, false]) {
      const iterator = new iterators.SerialIterator([], 4, { repeat: false, shuffle });
      expect([...iterator]).toEqual([]);
      expect([iterator.epoch, iterator.epochDetail, iterator.length]).toEqual([0, 0, 0]);
      iterator.reset();
      expect(iterator.next().done).toBe(true);
    }
  });

  it('a value that is not a dataset', () => {
    for (const wrong of [undefined, null, 5, 'data', { size: 3 }])
      expect(() => new iterators.SerialIterator(wrong as never, 1)).toThrow(/SerialIterator: .* is not a dataset/);
    expect(() => new iterators.SerialIterator([1], { batchSize: 1 } as never)).toThrow(
      /batch size is an object \{ batchSize \}/,
    );
  });

  it('an order sampler that loses examples', () => {
    const iterator = new iterators.SerialIterator([1, 2], 3, { orderSampler: (o, at) => (at > 0 ? o.slice(1) : o) });
    expect(() => [iterator.next(), iterator.next(), iterator.next()]).toThrow(/1 indices after an order of 2/);
  });
});

describe('batches that are larger than the dataset', () => {
  it('are short where it does not repeat', () => {
    const iterator = new iterators.SerialIterator([5, 6, 7], 8, { repeat: false, shuffle: false });
    expect([...iterator].map((batch) => [...batch])).toEqual([[5, 6, 7]]);
    expect([iterator.epoch, iterator.isNewEpoch, iterator.epochDetail, iterator.length]).toEqual([1, true, 1, 1]);
  });

  it('run over several epochs where it repeats', () => {
    const iterator = new iterators.SerialIterator([5, 6, 7], 8, { shuffle: false });
    expect([...(iterator.next().value ?? [])]).toEqual([5, 6, 7, 5, 6, 7, 5, 6]);
    expect([iterator.epoch, iterator.epochDetail]).toEqual([2, 2 + 2 / 3]);
  });
});

it.each([
  [10, 3, 4],
  [9, 3, 3],
  [1, 5, 1],
  [0, 5, 0],
])('%i examples in batches of %i are %i batches', (n, batchSize, want) => {
  const iterator = new iterators.SerialIterator(Array(n).fill(1), batchSize, { repeat: false });
  expect(iterator.length).toBe(want);
  expect([...iterator].length).toBe(want);
});
