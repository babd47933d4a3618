/** Reductions against naive folds over every element. */
import { describe, expect, it } from 'vitest';
import { np, ShapeError, scope } from '../../src/index.js';
import { anyArray, anyAxes, anyShape, get, put } from '../support/array-arbitraries.js';
import { expectClose, expectSame } from '../support/closeness.js';
import { type HostArray, hostArray, indicesOf, placeOf, sizeOf } from '../support/host-array.js';
import fc from '../support/properties.js';

interface Sample {
  x: HostArray;
  axes: number[] | null;
  keepdims: boolean;
}

/** An array and some of its axes; `minLength` 1 for what is not defined over nothing. */
const anySample = (minLength: number, dtype: 'float32' | 'int32' | 'bool' = 'float32'): fc.Arbitrary<Sample> =>
  anyShape(4, minLength).chain((shape) =>
    fc.record({ x: anyArray(shape, dtype), axes: anyAxes(shape.length), keepdims: fc.boolean() }),
  );

/** The lists of elements that are folded into one, in row-major order, and the shape they leave. */
function groups({ x, axes, keepdims }: Sample): { shape: number[]; lists: number[][] } {
  const ndim = x.shape.length;
  const reduced = (axes ?? [...x.shape.keys()]).map((k) => (k < 0 ? k + ndim : k));
  const kept = x.shape.map((n, k) => (reduced.includes(k) ? 1 : n));
  const lists = Array.from({ length: sizeOf(kept) }, (): number[] => []);
  for (const index of indicesOf(x.shape)) {
    const place = index.map((i, k) => (reduced.includes(k) ? 0 : i));
    lists[placeOf(kept, place)].push(x.values[placeOf(x.shape, index)]);
  }
  return { shape: keepdims ? kept : x.shape.filter((_, k) => !reduced.includes(k)), lists };
}

const sumOf = (list: number[]) => list.reduce((a, b) => a + b, 0);
const meanOf = (list: number[]) => sumOf(list) / list.length;
const varianceOf = (list: number[]) => meanOf(list.map((v) => (v - meanOf(list)) ** 2));

type Reduction = (x: np.NDArray, axis?: np.Axis, keepdims?: boolean) => np.NDArray;

describe('over any axes', () => {
  it.each<[name: string, op: Reduction, fold: (list: number[]) => number, minLength: number]>([
    ['sum', np.sum, sumOf, 0],
    ['prod', np.prod, (list) => list.reduce((a, b) => a * b, 1), 0],
    ['max', np.max, (list) => Math.max(...list), 1],
    ['min', np.min, (list) => Math.min(...list), 1],
    ['mean', np.mean, meanOf, 1],
    ['var', np.variance, varianceOf, 1],
    ['std', np.std, (list) => Math.sqrt(varianceOf(list)), 1],
  ])('%s', (_, op, fold, minLength) => {
    fc.assert(
      fc.property(anySample(minLength), (sample) =>
        scope(null, () => {
          const { shape, lists } = groups(sample);
          const got = get(op(put(sample.x), sample.axes, sample.keepdims));
          expectClose(got, hostArray(lists.map(fold), shape), { float32: 2e-6, float64: 1e-12 });
        }),
      ),
    );
  });

  it.each<[name: string, op: Reduction, fold: (list: number[]) => number]>([
    ['all', np.all, (list) => Number(list.every(Boolean))],
    ['any', np.any, (list) => Number(list.some(Boolean))],
  ])('%s', (_, op, fold) => {
    fc.assert(
      fc.property(anySample(1), (sample) =>
        scope(null, () => {
          const { shape, lists } = groups(sample);
          const got = get(op(put(sample.x), sample.axes, sample.keepdims));
          expectSame(got, hostArray(lists.map(fold), shape, 'bool'));
        }),
      ),
    );
  });

  it('sums of booleans are counts', () => {
    fc.assert(
      fc.property(anySample(0, 'bool'), (sample) =>
        scope(null, () => {
          const { shape, lists } = groups(sample);
          expectSame(
            get(np.sum(put(sample.x), sample.axes, sample.keepdims)),
            hostArray(lists.map(sumOf), shape, 'int32'),
          );
        }),
      ),
    );
  });
});

describe('along one axis, or flat', () => {
  const anyLine = anyShape(4, 1).chain((shape) => {
    const axis =
      shape.length > 0 ? fc.option(fc.integer({ min: -shape.length, max: shape.length - 1 })) : fc.constant(null);
    return fc.record({ x: anyArray(shape), axis });
  });

  it.each<[name: 'argmax' | 'argmin', better: (a: number, b: number) => boolean]>([
    ['argmax', (a, b) => a > b],
    ['argmin', (a, b) => a < b],
  ])('%s is the first of the best', (name, better) => {
    fc.assert(
      fc.property(anyLine, ({ x, axis }) =>
        scope(null, () => {
          const flat = axis === null;
          const { shape, lists } = groups({ x, axes: flat ? null : [axis], keepdims: false });
          const places = lists.map((list) => list.reduce((best, v, i) => (better(v, list[best]) ? i : best), 0));
          expectSame(get(np[name](put(x), axis)), hostArray(places, shape, 'int32'));
        }),
      ),
    );
  });

  it.each<[name: 'cumsum' | 'cumprod', f: (a: number, b: number) => number]>([
    ['cumsum', (a, b) => a + b],
    ['cumprod', (a, b) => a * b],
  ])('%s runs along', (name, f) => {
    fc.assert(
      fc.property(anyLine, ({ x, axis }) =>
        scope(null, () => {
          const shape = axis === null ? [sizeOf(x.shape)] : x.shape;
          const k = axis === null ? 0 : axis < 0 ? axis + shape.length : axis;
          const values = x.values.slice();
          for (const index of indicesOf(shape)) {
            if (index[k] === 0) continue;
            const before = index.map((i, axisOf) => (axisOf === k ? i - 1 : i));
            const place = placeOf(shape, index);
            values[place] = Math.fround(f(values[placeOf(shape, before)], values[place]));
          }
          expectClose(get(np[name](put(x), axis)), hostArray(values, shape), { float32: 1e-6, float64: 0 });
        }),
      ),
    );
  });
});

it('running sums and products of bool and uint8 are int32', () => {
  const flags = np.cumsum(np.array([true, true, false, true]));
  expect([flags.dtype, flags.tolist()]).toEqual(['int32', [1, 2, 2, 3]]);
  const bytes = np.cumprod(np.array([200, 3, 2], 'uint8'));
  expect([bytes.dtype, bytes.tolist()]).toEqual(['int32', [200, 600, 1200]]);
});

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 0]);
  it.each<[name: string, call: () => unknown]>([
    ['max of an empty array', () => np.max(x)],
    ['argmin of an empty array', () => np.argmin(x, 1)],
    ['an axis beyond the last', () => np.sum(x, 2)],
    ['an axis named twice', () => np.sum(x, [0, -2])],
    ['four billion holes for axes', () => np.sum(x, new Array(2 ** 32 - 1))],
    ['four billion holes for an order', () => np.transpose(x, new Array(2 ** 32 - 1))],
  ])('%s is a ShapeError', (_, call) => {
    expect(call).toThrow(ShapeError);
  });

  it('empty sums are 0, empty products are 1', () => {
    expect([np.sum(x, 1).tolist(), np.prod(x, 1).tolist()]).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });
});
