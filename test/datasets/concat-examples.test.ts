/** Examples put together, as Chainer's concat_examples does. */
import { describe, expect, it, test } from 'vitest';
import { datasets, np, ShapeError, scope, ValueError } from '../../src/index.js';
import { toDeviceArray } from '../support/load-fixture.js';
import { trainingArrays, trainingCases } from '../support/training-fixtures.js';

type Part = number | { $array: string };

interface ConcatCase {
  padding: datasets.Padding;
  batch: Record<string, Part>[];
  outputs: { name: string; shape: number[]; dtype: string; of: string }[];
  kind: 'array' | 'tuple' | 'dict';
}

describe('concatExamples follows Chainer', () => {
  test.each(trainingCases<ConcatCase>('concat_examples'))('$name', ({ name, padding, batch, outputs, kind }) => {
    const array = (key: string) => {
      const stored = trainingArrays.get(`${name}/${key}`);
      if (!stored) throw new Error(`there is no array ${key}`);
      return toDeviceArray(stored);
    };
    const part = (value: Part) => (typeof value === 'number' ? value : array(value.$array));
    const examples = batch.map((example) => {
      const parts = Object.entries(example).map(([key, value]) => [key, part(value)] as const);
      if (kind === 'dict') return Object.fromEntries(parts);
      return kind === 'tuple' ? parts.map(([, value]) => value) : parts[0][1];
    });
    const result: unknown = datasets.concatExamples(examples, null, { padding });
    for (const { name: output, of, dtype } of outputs) {
      const got: unknown = of === '' ? result : Reflect.get(Object(result), of);
      if (!(got instanceof np.NDArray)) throw new Error(`no array ${of}`);
      const want = array(output);
      // Real numbers become float32 here, float64 there.
      expect([got.shape, got.dtype]).toEqual([want.shape, dtype === 'float64' ? 'float32' : want.dtype]);
      expect(got.tolist()).toEqual(want.tolist());
    }
  });
});

describe('concatExamples', () => {
  it('refuses an empty batch, and shapes that differ', () => {
    expect(() => datasets.concatExamples([])).toThrow(ValueError);
    expect(() => datasets.concatExamples([np.zeros(2), np.zeros(3)])).toThrow(ShapeError);
    expect(() => datasets.concatExamples([np.zeros(2), np.zeros([2, 3])], null, { padding: 0 })).toThrow(ShapeError);
  });

  it('names the item that an example lacks', () => {
    const examples: Record<string, number>[] = [{ x: 1, y: 2 }, { x: 1 }];
    expect(() => datasets.concatExamples(examples)).toThrow(/part y/);
  });

  it('moves arrays to a device, and refuses one that is not there', () => {
    const [x] = datasets.concatExamples([[np.zeros(2), 1] as const], 'wasm');
    expect(x.device.name).toBe('wasm');
    expect(() => datasets.concatExamples([np.zeros(2)], 'webgl')).toThrow(/webgl/);
  });

  it('leaves nothing behind in a scope', () => {
    const { arrays } = np.memory();
    scope(null, () => datasets.concatExamples([[np.zeros(2), 1] as const, [np.ones(2), 2] as const]).length);
    expect(np.memory().arrays).toBe(arrays);
  });
});

describe('batches of datasets that gather', () => {
  const columns = {
    list: [10, 11, 12, 13],
    numbers: Int32Array.of(10, 11, 12, 13),
    rows: np.arange(8).reshape(4, 2),
    images: new datasets.ArrayDataset(Uint8Array.of(0, 51, 102, 153, 204, 255, 1, 2), [2], { scale: 1 / 255 }),
  };

  it.each(Object.entries(columns))('%s: together as one after another', (_, column) => {
    const dataset: datasets.Dataset<unknown> = datasets.asDataset(column);
    expect(dataset.length).toBe(4);
    const indices = Int32Array.of(3, 0, 3);
    const one = datasets.concatExamples(Array.from(indices, (i) => dataset.get(i)));
    const together = datasets.concatExamples(new datasets.Batch(dataset, indices));
    if (!(one instanceof np.NDArray && together instanceof np.NDArray)) throw new Error('no arrays');
    expect([together.tolist(), together.shape]).toEqual([one.tolist(), one.shape]);
    expect(() => dataset.get(4)).toThrow(/no example 4 among 4/);
  });

  it('a tuple of them', () => {
    const tuples = new datasets.TupleDataset(columns.images, columns.numbers);
    const [x, t] = datasets.concatExamples(new datasets.Batch(tuples, Int32Array.of(2, 1)));
    expect([x.shape, x.dtype, t.dtype, t.tolist()]).toEqual([[2, 2], 'float32', 'int32', [12, 11]]);
    [204 / 255, 1, 102 / 255, 153 / 255].forEach((want, i) => {
      expect(x.dataSync()[i]).toBeCloseTo(want, 6);
    });
  });

  it('a key that every object has is a name like others', () => {
    const batch = [{ constructor: np.array([1]) }, { constructor: np.array([2]) }];
    const { constructor: column } = datasets.concatExamples(batch, null, { padding: {} }) as unknown as {
      constructor: np.NDArray;
    };
    expect(column.tolist()).toEqual([[1], [2]]);
  });

  it('padding looks at each example', () => {
    const batch = new datasets.Batch(datasets.asDataset([np.ones(1), np.ones(2)]), Int32Array.of(0, 1));
    expect(datasets.concatExamples(batch, null, { padding: -1 }).tolist()).toEqual([
      [1, -1],
      [1, 1],
    ]);
  });
});

describe('TupleDataset', () => {
  test.each(
    trainingCases<{ datasets: number[][]; len: number; item_1: number[]; slice_0_2: number[][] }>('TupleDataset'),
  )('$name follows Chainer', (testCase) => {
    const dataset = new datasets.TupleDataset(...testCase.datasets);
    expect(dataset.length).toBe(testCase.len);
    expect(dataset.get(1)).toEqual(testCase.item_1);
    expect([0, 1].map((i) => dataset.get(i))).toEqual(testCase.slice_0_2);
  });

  it('refuses lengths that differ', () => {
    expect(() => new datasets.TupleDataset([1, 2], [1])).toThrow(/2, 1/);
  });
});
