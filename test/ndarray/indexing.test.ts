/** Indexing against a naive reading of NumPy's rules. */
import { describe, expect, it } from 'vitest';
import { IndexError, np, scope, ValueError } from '../../src/index.js';
import { planIndex } from '../../src/ndarray/indexing.js';
import { anyArray, anyShape, get, put } from '../support/array-arbitraries.js';
import { expectSame } from '../support/closeness.js';
import { type HostArray, hostArray, indicesOf, placeOf } from '../support/host-array.js';
import fc from '../support/properties.js';

/** One index, as the oracle understands it. */
type Item =
  | { kind: 'integer'; value: number }
  | { kind: 'slice'; start: number | null; stop: number | null; step: number }
  | { kind: 'newaxis' }
  | { kind: 'ellipsis' }
  | { kind: 'positions'; array: HostArray; asList: boolean }
  | { kind: 'mask'; array: HostArray };

/** The places that a slice visits on an axis of length n, one step after the other. */
function visited({ start, stop, step }: { start: number | null; stop: number | null; step: number }, n: number) {
  const places: number[] = [];
  const resolve = (side: number) => (side < 0 ? side + n : side);
  let i = start === null ? (step > 0 ? 0 : n - 1) : resolve(start);
  // A start beyond either end moves to the last place inside it.
  if (step > 0 && i < 0) i = 0;
  if (step < 0 && i > n - 1) i = n - 1;
  const end = stop === null ? (step > 0 ? n : -1) : Math.max(-1, resolve(stop));
  while (i >= 0 && i < n && (step > 0 ? i < end : i > end)) {
    places.push(i);
    i += step;
  }
  return places;
}

/** What one item does: it names places of an axis, makes an axis, or takes part in the advanced index. */
type Part = { places: number[] } | 'newaxis' | { advanced: HostArray } | 'separator';

function partsOf(shape: readonly number[], items: readonly Item[]): Part[] {
  const rank = (item: Item) =>
    item.kind === 'newaxis' || item.kind === 'ellipsis' ? 0 : item.kind === 'mask' ? item.array.shape.length : 1;
  const named = items.reduce((sum, item) => sum + rank(item), 0);
  const parts: Part[] = [];
  let axis = 0;
  const whole = () => parts.push({ places: [...Array(shape[axis++]).keys()] });
  for (const item of items) {
    if (item.kind === 'newaxis') parts.push('newaxis');
    else if (item.kind === 'ellipsis') {
      parts.push('separator');
      for (let k = shape.length - named; k > 0; k--) whole();
    } else if (item.kind === 'slice') parts.push({ places: visited(item, shape[axis++]) });
    else if (item.kind === 'mask') {
      const chosen = [...indicesOf(item.array.shape)].filter(
        (index) => item.array.values[placeOf(item.array.shape, index)],
      );
      item.array.shape.forEach((_, k) => {
        parts.push({
          advanced: hostArray(
            chosen.map((index) => index[k]),
            [chosen.length],
            'int32',
          ),
        });
        axis++;
      });
    } else {
      const array = item.kind === 'integer' ? hostArray([item.value], [], 'int32') : item.array;
      const n = shape[axis++];
      parts.push({ advanced: { ...array, values: array.values.map((i) => (i < 0 ? i + n : i)) } });
    }
  }
  while (axis < shape.length) whole();
  return parts;
}

/** x[items], element by element. */
function naive(x: HostArray, items: readonly Item[]): HostArray {
  const parts = partsOf(x.shape, items);
  const isAdvanced = (part: Part) => typeof part === 'object' && 'advanced' in part;
  const arrays = parts.flatMap((part) => (typeof part === 'object' && 'advanced' in part ? [part.advanced] : []));
  const rank = Math.max(0, ...arrays.map(({ shape }) => shape.length));
  const common = Array.from({ length: rank }, (_, k) =>
    arrays.reduce((n, { shape }) => {
      const own = shape[shape.length - rank + k] ?? 1;
      return own === 1 ? n : own;
    }, 1),
  );
  const first = parts.findIndex(isAdvanced);
  const last = parts.findLastIndex(isAdvanced);
  // A lone integer, or several, only take axes away: that is the same as an advanced index of shape ().
  const front = parts.slice(first, last).some((part) => !isAdvanced(part)) && items.some((i) => 'array' in i);
  const axes: { length: number; part: Part | 'advanced' }[] = [];
  const pushAdvanced = () => axes.push(...common.map((length) => ({ length, part: 'advanced' as const })));
  if (front) pushAdvanced();
  parts.forEach((part, k) => {
    if (k === first && !front) pushAdvanced();
    if (part === 'newaxis') axes.push({ length: 1, part });
    else if (typeof part === 'object' && 'places' in part) axes.push({ length: part.places.length, part });
  });
  const shape = axes.map(({ length }) => length);
  const values = Float64Array.from(indicesOf(shape), (index) => {
    const inAdvanced = index.filter((_, k) => axes[k].part === 'advanced');
    const source = parts.flatMap((part) => {
      if (typeof part === 'string') return [];
      if ('places' in part) return [part.places[index[axes.findIndex((axis) => axis.part === part)]]];
      const own = part.advanced.shape;
      const place = inAdvanced.slice(rank - own.length).map((i, k) => (own[k] === 1 ? 0 : i));
      return [part.advanced.values[placeOf(own, place)]];
    });
    return x.values[placeOf(x.shape, source)];
  });
  return { shape, dtype: x.dtype, values };
}

/** The item as a user writes it. */
function written(item: Item): np.Index {
  switch (item.kind) {
    case 'integer':
      return item.value;
    case 'slice':
      return np.slice(item.start, item.stop, item.step);
    case 'newaxis':
      return null;
    case 'ellipsis':
      return '...';
    case 'positions':
      return item.asList ? (put(item.array).tolist() as number[]) : put(item.array);
    case 'mask':
      return put(item.array);
    default:
      return item satisfies never;
  }
}

const side = (n: number) => fc.option(fc.integer({ min: -n - 2, max: n + 2 }));
const step = fc.constantFrom(1, 1, 2, 3, -1, -2, -3);
const anySlice = (n: number): fc.Arbitrary<Item> =>
  fc.record({ kind: fc.constant('slice'), start: side(n), stop: side(n), step }) as fc.Arbitrary<Item>;

/** An item for the axes of `shape` from `axis` on, and how many of them it takes. */
function anyItem(shape: readonly number[], axis: number, common: readonly number[]): fc.Arbitrary<[Item, number]> {
  const n = shape[axis];
  const choices: fc.Arbitrary<[Item, number]>[] = [anySlice(n).map((item) => [item, 1])];
  choices.push(fc.constant([{ kind: 'newaxis' }, 0]));
  if (n > 0) {
    const place = fc.integer({ min: -n, max: n - 1 });
    choices.push(place.map((value) => [{ kind: 'integer', value }, 1]));
    const positions = fc.constantFrom(common, common, [1], []).chain((own) => {
      const size = own.reduce((product, length) => product * length, 1);
      return fc
        .tuple(fc.array(place, { minLength: size, maxLength: size }), fc.boolean())
        .map(([values, asList]): [Item, number] => {
          const array = hostArray(values, own, 'int32');
          return [{ kind: 'positions', array, asList: asList && own.length > 0 }, 1];
        });
    });
    choices.push(positions, positions);
  }
  return fc.oneof(...choices);
}

/** An index list for a shape, in which positions broadcast to one of a few shapes. */
function anyIndex(shape: readonly number[]): fc.Arbitrary<Item[]> {
  /** The items of `axis` and later ones; after an ellipsis they reach the last axis. */
  const rest = (axis: number, behind: boolean, common: readonly number[]): fc.Arbitrary<Item[]> => {
    const followed = ([item, taken]: [Item, number]) =>
      rest(axis + taken, behind, common).map((items) => [item, ...items]);
    const stop: fc.Arbitrary<Item[]> = fc.constant([]);
    const left = axis < shape.length;
    // At the greatest depth the first choice is made: it must come to an end.
    const choices = [behind && left ? anySlice(shape[axis]).chain((item) => followed([item, 1])) : stop];
    if (!behind) {
      const ellipsis = (skipped: number) =>
        rest(axis + skipped, true, common).map((items): Item[] => [{ kind: 'ellipsis' }, ...items]);
      choices.push(fc.nat(shape.length - axis).chain(ellipsis));
    }
    if (left) {
      const more = anyItem(shape, axis, common).chain(followed);
      choices.push(more, more, more);
    }
    return fc.oneof({ maxDepth: 8, depthIdentifier: 'index' }, ...choices);
  };
  return fc.constantFrom([2], [3], [2, 2], [2, 1]).chain((common) => rest(0, false, common));
}

/** A mask over some axes, alone or behind whole axes. */
const anyMask = (shape: readonly number[]): fc.Arbitrary<Item[]> =>
  fc
    .tuple(fc.nat(shape.length), fc.nat(shape.length))
    .map((pair) => pair.sort((a, b) => a - b))
    .chain(([from, to]) => {
      const own = shape.slice(from, to);
      const size = own.reduce((product, n) => product * n, 1);
      return fc.array(fc.boolean(), { minLength: size, maxLength: size }).map((chosen): Item[] => {
        const before = shape.slice(0, from).map((): Item => ({ kind: 'slice', start: null, stop: null, step: 1 }));
        if (own.length === 0) return before;
        return [...before, { kind: 'mask', array: hostArray(chosen.map(Number), own, 'bool') }];
      });
    });

const arrayAndIndex = (index: (shape: readonly number[]) => fc.Arbitrary<Item[]>) =>
  anyShape().chain((shape) => fc.tuple(anyArray(shape), index(shape)));

/** Checks reading, and that adding is its adjoint: ⟨read(x), v⟩ = ⟨x, add(v)⟩ for every v. */
function check([x, items]: [HostArray, Item[]]): void {
  scope(null, () => {
    const index = items.map(written);
    const want = naive(x, items);
    expectSame(get(put(x).at(...index)), want);
    const plan = planIndex(x.shape, index);
    expect(plan.shape).toEqual(want.shape);
    const weights = hostArray(
      want.values.map((_, i) => (i % 5) - 2),
      want.shape,
    );
    const sums = np.zeros(x.shape);
    plan.add(sums, put(weights));
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);
    expect(dot(want.values, weights.values)).toBe(dot(x.values, get(sums).values) + 0);
  });
}

describe('indices', () => {
  it('slices of one axis', () => {
    fc.assert(
      fc.property(fc.nat(5), side(5), side(5), step, (n, start, stop, by) => {
        const got = np
          .arange(n)
          .at(np.slice(start, stop, by))
          .tolist();
        expect(got).toEqual(visited({ start, stop, step: by }, n));
      }),
      { numRuns: 500 },
    );
  });

  it('integers, slices, new axes, an ellipsis and positions, mixed', () => {
    fc.assert(fc.property(arrayAndIndex(anyIndex), check), { numRuns: 1000 });
  });

  it('masks over one or several axes', () => {
    fc.assert(fc.property(arrayAndIndex(anyMask), check), { numRuns: 200 });
  });
});

describe('examples that NumPy documents', () => {
  const x = np.arange(24).reshape(2, 3, 4);

  it.each<[name: string, index: np.Index[], want: unknown]>([
    [
      'the texts of slices',
      [1, '::-2', '1:3'],
      [
        [21, 22],
        [13, 14],
      ],
    ],
    [
      'adjacent positions stay in place',
      [':', [0, 2], [1, 3]],
      [
        [1, 11],
        [13, 23],
      ],
    ],
    [
      'separated positions come first',
      [[0, 1], ':', [1, 3]],
      [
        [1, 5, 9],
        [15, 19, 23],
      ],
    ],
    [
      'positions broadcast',
      [0, [[0], [2]], [1, 3]],
      [
        [1, 3],
        [9, 11],
      ],
    ],
    ['an empty ellipsis separates', [null, [0, 1], '...', [0, 1], 0], [[0], [16]]],
    ['a list of booleans', [[false, true], 0, 0], [12]],
    ['nothing', [[]], []],
  ])('%s', (_, index, want) => {
    expect(x.at(...index).tolist()).toEqual(want);
  });

  it('copies', () => {
    const y = x.at(':');
    y.set(new Int32Array(24));
    expect(x.at(1, 2, 3).item()).toBe(23);
  });
});

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 3]);
  it.each<[name: string, index: np.Index[]]>([
    ['an integer beyond the end', [2]],
    ['an integer before the beginning', [0, -4]],
    ['half an index', [0.5]],
    ['too many integers', [0, 0, 0]],
    ['too many slices', [':', ':', ':']],
    ['too many positions', [[0], [0], [0]]],
    ['two ellipses', ['...', '...']],
    ['two ellipses and positions', ['...', '...', [0]]],
    ['positions beyond the end', [[0, 2]]],
    ['a mask of another length', [[true, false, true]]],
    ['a mask of another shape', [np.zeros([3, 2], 'bool')]],
  ])('%s is an IndexError', (_, index) => {
    expect(() => x.at(...index)).toThrow(IndexError);
  });

  it('positions that do not broadcast', () => {
    expect(() => x.at([0, 1], [0, 1, 2])).toThrow('do not broadcast');
  });

  it.each<[name: string, make: () => unknown]>([
    ['a step of 0', () => np.slice(0, 1, 0)],
    ['half a step', () => np.slice(0, 1, 0.5)],
    ['half a start', () => np.slice(0.5, 1)],
    ['a text that is not a slice', () => x.at('a:b')],
  ])('%s is a ValueError', (_, make) => {
    expect(make).toThrow(ValueError);
  });
});
