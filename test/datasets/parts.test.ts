/** Datasets made of datasets, as Chainer's. */
import { describe, expect, expectTypeOf, it, test } from 'vitest';
import { datasets, IndexError, np, ShapeError, scope, ValueError } from '../../src/index.js';
import { loadGroup } from '../support/load-fixture.js';
import { trainingCases } from '../support/training-fixtures.js';

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const all = <T>(dataset: datasets.Dataset<T>) => range(dataset.length).map((i) => dataset.get(i));

/** A dataset whose examples come later: numbers, times ten. */
class Remote implements datasets.Dataset<number> {
  readonly asked: number[][] = [];
  constructor(readonly length: number) {}
  get(): number {
    throw new Error('not loaded');
  }
  async load(indices: Int32Array): Promise<datasets.Dataset<number>> {
    this.asked.push([...indices]);
    return datasets.asDataset(Array.from(indices, (i) => 10 * i));
  }
}

describe('splits follow Chainer', () => {
  test.each(trainingCases<{ n: number; split_at: number; order?: number[]; parts: number[][] }>('split_dataset'))(
    '$name',
    ({ n, split_at, order, parts }) => {
      expect(datasets.splitDataset(range(n), split_at, order).map(all)).toEqual(parts);
    },
  );

  test.each(trainingCases<{ n: number; k: number; parts: number[][] }>('split_dataset_n'))(
    '$name',
    ({ n, k, parts }) => {
      expect(datasets.splitDatasetN(range(n), k).map(all)).toEqual(parts);
    },
  );

  test.each(trainingCases<{ n: number; k: number; folds: number[][][] }>('get_cross_validation_datasets'))(
    '$name',
    ({ n, k, folds }) => {
      expect(datasets.getCrossValidationDatasets(range(n), k).map((fold) => fold.map(all))).toEqual(folds);
    },
  );

  it('in random order, drawn as NumPy draws', async () => {
    const { manifest, arrays } = await loadGroup<{ cases: { name: string; op: string; seed: number }[] }>(
      'numpy_random',
    );
    const cases = manifest.cases.filter(({ op }) => op === 'split_dataset_random');
    expect(cases.length).toBeGreaterThan(0);
    for (const { name, seed } of cases) {
      const drawn = datasets.splitDatasetRandom(range(12), 5, seed).flatMap(all);
      expect(drawn).toEqual(Array.from(arrays.get(`${name}/y`)?.data as Int32Array));
    }
    const random = new np.random.RandomState(cases[0].seed);
    const [first, second] = [1, 2].map(() => datasets.splitDatasetRandom(range(12), 5, random).flatMap(all));
    expect(first).toEqual(datasets.splitDatasetRandom(range(12), 5, cases[0].seed).flatMap(all));
    expect(second).not.toEqual(first);
    const seven = datasets.getCrossValidationDatasetsRandom(range(7), 3, 1);
    expect(seven.flatMap(([, tested]) => all(tested)).sort()).toEqual(range(7));
    expect(datasets.splitDatasetNRandom(range(7), 3, 1).map(({ length }) => length)).toEqual([2, 2, 2]);
  });

  it('refuse invalid parts', () => {
    expect(() => datasets.splitDataset(range(3), 4)).toThrow(ValueError);
    expect(() => datasets.splitDataset(range(3), 1.5)).toThrow(ValueError);
    expect(() => datasets.splitDataset(range(3), 1, [0, 1])).toThrow(ShapeError);
    expect(() => datasets.splitDataset(range(3), 1, [0, 1, 3])).toThrow(IndexError);
  });
});

test.each(
  trainingCases<{
    n: number;
    start: number;
    finish: number;
    order: number[];
    len: number;
    all: number[];
    at_minus_1: number;
  }>('SubDataset'),
)('$name follows Chainer', (testCase) => {
  const { n, start, finish, order } = testCase;
  const dataset = new datasets.SubDataset(range(n), start, finish, order);
  expect(dataset.length).toBe(testCase.len);
  expect(all(dataset)).toEqual(testCase.all);
  expect(dataset.get(-1)).toBe(testCase.at_minus_1);
  expect(() => dataset.get(testCase.len)).toThrow(IndexError);
});

test.each(
  trainingCases<{ datasets: number[][]; len: number; all: number[]; every_other: number[] }>('ConcatenatedDataset'),
)('$name follows Chainer', (testCase) => {
  const dataset = new datasets.ConcatenatedDataset(...testCase.datasets);
  expect([dataset.length, all(dataset)]).toEqual([testCase.len, testCase.all]);
  expect(() => dataset.get(-1)).toThrow(IndexError);
  expect(() => dataset.get(testCase.len)).toThrow(IndexError);
});

describe('DictDataset', () => {
  const dataset = new datasets.DictDataset({ x: [np.zeros(2), np.ones(2)], t: Int32Array.of(3, 4) });

  it('has examples that are records, and batches that are records of arrays', () => {
    expectTypeOf(dataset.get(0)).toEqualTypeOf<{ x: np.NDArray; t: number }>();
    expect(dataset.get(1).t).toBe(4);
    const batch = datasets.concatExamples(new datasets.Batch(dataset, Int32Array.of(1, 0)));
    expect([batch.x.tolist(), batch.t.tolist(), batch.t.dtype]).toEqual([
      [
        [1, 1],
        [0, 0],
      ],
      [4, 3],
      'int32',
    ]);
  });

  it('refuses lengths that differ, and an empty record', () => {
    expect(() => new datasets.DictDataset({ x: [1], t: [1, 2] })).toThrow(/'t' has 2/);
    expect(() => new datasets.DictDataset({})).toThrow(ValueError);
  });
});

describe('TransformDataset', () => {
  it('puts each example through a function when it is got', () => {
    let calls = 0;
    const dataset = new datasets.TransformDataset([1, 2, 3], (x) => {
      calls++;
      return np.full(2, x);
    });
    expect([dataset.length, calls]).toEqual([3, 0]);
    const { arrays } = np.memory();
    const batch = scope(null, () => datasets.concatExamples(new datasets.Batch(dataset, Int32Array.of(2, 0))).tolist());
    expect([batch, calls]).toEqual([
      [
        [3, 3],
        [1, 1],
      ],
      2,
    ]);
    expect(np.memory().arrays).toBe(arrays);
  });
});

describe('examples that have to be fetched', () => {
  it('are fetched through all datasets made of them', async () => {
    const remote = new Remote(6);
    const dataset = new datasets.TransformDataset(
      new datasets.TupleDataset(
        new datasets.ConcatenatedDataset<datasets.Dataset<number> | number[]>(
          [1, 2],
          new datasets.SubDataset(remote, 0, 4, [5, 4, 3, 2, 1, 0]),
        ),
        new datasets.TransformDataset(new datasets.DictDataset({ a: range(6) }), ({ a }) => a),
      ),
      ([x, i]) => [x + 1, i],
    );
    const batch = await new datasets.Batch(dataset, Int32Array.of(5, 0, 2)).load();
    expect([...batch]).toEqual([
      [21, 5],
      [2, 0],
      [51, 2],
    ]);
    expect(remote.asked).toEqual([[2, 5]]);
  });

  it('nothing is fetched for examples in memory', async () => {
    const dataset = new datasets.SubDataset([1, 2, 3], 1, 3);
    expect(dataset.load).toBeUndefined();
    const batch = new datasets.Batch(dataset, Int32Array.of(0));
    expect(await batch.load()).toBe(batch);
  });
});
