/** Broadcasting against a naive reading of its rule: shapes are aligned at their last axes, and an axis of length 1 repeats. */
import { describe, expect, it } from 'vitest';
import { np, ShapeError, scope } from '../../src/index.js';
import { anyArray, anyShape, broadcastablePair, get, put } from '../support/array-arbitraries.js';
import { expectSame } from '../support/closeness.js';
import { at, build, type HostArray, indicesOf, placeOf, sizeOf } from '../support/host-array.js';
import fc from '../support/properties.js';

/** The common shape, or null if there is none. */
function commonShape(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let k = 0; k < rank; k++) {
    const m = a[a.length - rank + k] ?? 1;
    const n = b[b.length - rank + k] ?? 1;
    if (m !== n && m !== 1 && n !== 1) return null;
    shape.push(m === 1 ? n : m);
  }
  return shape;
}

/** The element that x has at an index of a shape it broadcasts to. */
function elementAt(x: HostArray, index: readonly number[]): number {
  const own = index.slice(index.length - x.shape.length);
  return at(
    x,
    own.map((i, k) => (x.shape[k] === 1 ? 0 : i)),
  );
}

const pairOfArrays = broadcastablePair.chain(([a, b]) => fc.tuple(anyArray(a), anyArray(b)));

const OPERATIONS: [name: string, op: typeof np.add, f: (a: number, b: number) => number, bool: boolean][] = [
  ['add', np.add, (a, b) => a + b, false],
  ['subtract', np.subtract, (a, b) => a - b, false],
  ['multiply', np.multiply, (a, b) => a * b, false],
  ['maximum', np.maximum, Math.max, false],
  ['less', np.less, (a, b) => Number(a < b), true],
  ['equal', np.equal, (a, b) => Number(a === b), true],
];

describe('two operands', () => {
  it.each(OPERATIONS)('%s', (_, op, f, bool) => {
    fc.assert(
      fc.property(pairOfArrays, ([a, b]) =>
        scope(null, () => {
          const shape = commonShape(a.shape, b.shape) ?? [];
          const want = build(shape, bool ? 'bool' : 'float32', (index) => f(elementAt(a, index), elementAt(b, index)));
          expectSame(get(op(put(a), put(b))), want);
        }),
      ),
    );
  });

  it('shapes without a common one are refused', () => {
    fc.assert(
      fc.property(anyShape(), anyShape(), (a, b) =>
        scope(null, () => {
          const shape = commonShape(a, b);
          if (shape) expect(np.add(np.zeros(a), np.zeros(b)).shape).toEqual(shape);
          else expect(() => np.add(np.zeros(a), np.zeros(b))).toThrow(ShapeError);
        }),
      ),
    );
  });

  it('a number takes the dtype of the array, unless it does not fit there', () => {
    expect(np.add(np.array([1, 2], 'int32'), 2).dtype).toBe('int32');
    expect(np.add(np.array([1, 2], 'int32'), 0.5).dtype).toBe('float32');
    expect(np.add(np.array([1, 2], 'uint8'), -1).dtype).toBe('int32');
    expect(np.add(np.array([true]), 1).dtype).toBe('int32');
    expect(np.divide(np.array([1, 2], 'int32'), 2).tolist()).toEqual([0.5, 1]);
  });

  it.each([0.5, -1, 2 ** 40, Number.NaN, 0])('in logical operations, %s is true unless it is 0', (value) => {
    const truth = Number(value !== 0);
    for (const dtype of ['int32', 'uint8', 'bool', 'float32'] as const) {
      const x = np.array([0, 1], dtype);
      expect(np.logicalAnd(x, value).tolist()).toEqual([0, truth]);
      expect(np.logicalOr(value, x).tolist()).toEqual([truth, 1]);
    }
  });
});

it('where, of three', () => {
  const three = broadcastablePair.chain(([a, b]) =>
    fc.tuple(anyArray(a), anyArray(b), anyArray(commonShape(a, b) ?? [], 'bool')),
  );
  fc.assert(
    fc.property(three, ([a, b, condition]) =>
      scope(null, () => {
        const want = build(condition.shape, 'float32', (index) => elementAt(at(condition, index) ? a : b, index));
        expectSame(get(np.where(put(condition), put(a), put(b))), want);
      }),
    ),
  );
});

describe('broadcastTo and sumTo', () => {
  const within = broadcastablePair.chain(([a, b]) => fc.tuple(anyArray(a), fc.constant(commonShape(a, b) ?? [])));

  it('broadcastTo repeats', () => {
    fc.assert(
      fc.property(within, ([x, shape]) =>
        scope(null, () => {
          expectSame(
            get(np.broadcastTo(put(x), shape)),
            build(shape, 'float32', (index) => elementAt(x, index)),
          );
        }),
      ),
    );
  });

  it('sumTo adds up repeated elements', () => {
    const summed = broadcastablePair.chain(([a, b]) => fc.tuple(fc.constant(a), anyArray(commonShape(a, b) ?? [])));
    fc.assert(
      fc.property(summed, ([shape, x]) =>
        scope(null, () => {
          const values = new Float64Array(sizeOf(shape));
          for (const index of indicesOf(x.shape)) {
            const own = index.slice(index.length - shape.length).map((i, k) => (shape[k] === 1 ? 0 : i));
            values[placeOf(shape, own)] += at(x, index);
          }
          expectSame(get(np.sumTo(put(x), shape)), { shape, dtype: 'float32', values });
        }),
      ),
    );
  });

  it('refuse shapes that do not broadcast', () => {
    expect(() => np.broadcastTo(np.zeros([2]), [3])).toThrow(ShapeError);
    expect(() => np.broadcastTo(np.zeros([2, 3]), [3])).toThrow(ShapeError);
  });
});
