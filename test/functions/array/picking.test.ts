/** Functions that pick elements of an array, each any number of times. */
import { describe, expect, it } from 'vitest';
import {
  DTypeError,
  F,
  grad,
  IndexError,
  np,
  type RensaError,
  ShapeError,
  ValueError,
  Variable,
} from '../../../src/index.js';
import { checkFunction, type HostValues, onDefaultDevice } from '../../support/function-harness.js';
import { moved, type Source } from '../../support/oracle/element-sources.js';

const ints = (...values: number[]) => np.array(values, 'int32');

type Pick = [
  name: string,
  fn: (x: Variable) => Variable,
  from: number[],
  to: number[],
  source: (index: readonly number[]) => Source,
];

const PICKS: Pick[] = [
  ['getItem, an integer', (x) => F.getItem(x, -1), [4, 3], [3], ([j]) => [3, j]],
  ['getItem, slices', (x) => F.getItem(x, ['1:', '::-2']), [3, 4], [2, 2], ([i, j]) => [i + 1, 3 - 2 * j]],
  ['getItem, an ellipsis and a new axis', (x) => F.getItem(x, ['...', null, 1]), [2, 3], [2, 1], ([i]) => [i, 1]],
  ['getItem, nothing', (x) => F.getItem(x, ['2:2']), [4, 3], [0, 3], () => 0],
  ['getItem, a list with repeats', (x) => F.getItem(x, [[2, 0, 2]]), [3, 2], [3, 2], ([i, j]) => [[2, 0, 2][i], j]],
  ['getItem, an array', (x) => F.getItem(x, ints(1, 1)), [2, 2], [2, 2], ([, j]) => [1, j]],
  [
    'getItem, two separated lists',
    (x) => F.getItem(x, [[0, 1], ':', [2, 2]]),
    [2, 3, 4],
    [2, 3],
    ([k, j]) => [k, j, 2],
  ],
  [
    'getItem, a list between slices',
    (x) => F.getItem(x, [':', [[1], [0]], ':']),
    [2, 3, 2],
    [2, 2, 1, 2],
    ([i, j, , k]) => [i, 1 - j, k],
  ],
  [
    'getItem, a mask',
    (x) =>
      F.getItem(x, [
        [
          [true, false],
          [false, true],
        ],
      ]),
    [2, 2, 2],
    [2, 2],
    ([k, j]) => [k, k, j],
  ],
  ['at, as a method', (x) => x.at(0, [1, 1]), [2, 3], [2], () => [0, 1]],
  ['diagonal', (x) => F.diagonal(x), [3, 4], [3], ([i]) => [i, i]],
  ['diagonal above', (x) => F.diagonal(x, 2), [3, 4], [2], ([i]) => [i, i + 2]],
  ['diagonal below, of a batch', (x) => F.diagonal(x, -1, 1, 2), [2, 3, 4], [2, 2], ([b, i]) => [b, i + 1, i]],
  ['diagonal of swapped axes', (x) => F.diagonal(x, 1, -1, 0), [4, 2, 3], [2, 3], ([j, i]) => [i + 1, j, i]],
  ['diagonal beyond the corner', (x) => F.diagonal(x, 5), [3, 4], [0], () => 0],
  ['flip', (x) => F.flip(x, -1), [2, 3], [2, 3], ([i, j]) => [i, 2 - j]],
  ['fliplr', F.fliplr, [2, 3, 2], [2, 3, 2], ([i, j, k]) => [i, 2 - j, k]],
  ['flipud', F.flipud, [3], [3], ([i]) => [2 - i]],
  ['flip of an empty array', (x) => F.flip(x, 0), [0, 2], [0, 2], () => 0],
  ['permutate', (x) => F.permutate(x, ints(2, 0, 1)), [3, 2], [3, 2], ([i, j]) => [[2, 0, 1][i], j]],
  ['permutate, inverse', (x) => F.permutate(x, ints(2, 0, 1), -1, true), [2, 3], [2, 3], ([i, j]) => [i, [1, 2, 0][j]]],
  ['repeat of the flat array', (x) => F.repeat(x, 2), [2, 2], [8], ([i]) => [i >> 2, (i >> 1) % 2]],
  ['repeat along an axis', (x) => F.repeat(x, 3, 1), [2, 2], [2, 6], ([i, j]) => [i, Math.floor(j / 3)]],
  ['repeat by numbers', (x) => F.repeat(x, [0, 2, 1], -1), [2, 3], [2, 3], ([i, j]) => [i, [1, 1, 2][j]]],
  ['repeat never', (x) => F.repeat(x, 0), [3], [0], () => 0],
  ['repeat of a number', (x) => F.repeat(x, 2), [], [2], () => []],
  ['tile', (x) => F.tile(x, 2), [2, 3], [2, 6], ([i, j]) => [i, j % 3]],
  ['tile along more axes', (x) => F.tile(x, [2, 1, 2]), [3], [2, 1, 6], ([, , j]) => [j % 3]],
  ['tile along fewer axes', (x) => F.tile(x, [2, 1]), [2, 1, 3], [2, 2, 3], ([i, , j]) => [i, 0, j]],
  ['tile never', (x) => F.tile(x, [0, 2]), [2, 3], [0, 6], () => 0],
  ['tile of a number', (x) => F.tile(x, 3), [], [3], () => []],
  ['asStrided, overlapping', (x) => F.asStrided(x, [3, 2], [1, 1], 1), [5], [3, 2], ([i, j]) => [i + j + 1]],
  ['asStrided, backwards and still', (x) => F.asStrided(x, [3, 2], [-2, 0], 4), [5], [3, 2], ([i]) => [4 - 2 * i]],
  ['asStrided, nothing', (x) => F.asStrided(x, [0, 2], [100, 1]), [3], [0, 2], () => 0],
];

for (const [name, fn, from, to, source] of PICKS) {
  checkFunction({ name: `${name}, of (${from})`, fn, inputs: [from], forward: moved(to, source) });
}

checkFunction({
  name: 'selectItem',
  fn: (x) => F.selectItem(x, ints(2, 0, 0, 1)),
  inputs: [[4, 3]],
  forward: moved([4], ([i]) => [i, [2, 0, 0, 1][i]]),
});

/** Adds b at the places of a that `places` names for each element of b. */
const scattered =
  (places: (index: number) => number) =>
  (a: HostValues, b: HostValues): HostValues => {
    const values = a.values.slice();
    b.values.forEach((v, i) => {
      values[places(i)] += v;
    });
    return { shape: a.shape, values };
  };

checkFunction({
  name: 'scatterAdd at rows named twice',
  fn: (a, b) => F.scatterAdd(a, [[1, 1, 3]], b),
  inputs: [
    [4, 2],
    [3, 2],
  ],
  forward: scattered((i) => [1, 1, 3][i >> 1] * 2 + (i % 2)),
});

checkFunction({
  name: 'scatterAdd at slices',
  fn: (a, b) => F.scatterAdd(a, ['1:', 0], b),
  inputs: [[3, 2], [2]],
  forward: scattered((i) => (i + 1) * 2),
});

const condition = np.array([[true], [false], [true]]);

for (const [name, x, y] of [
  ['of full shape', [3, 2], [3, 2]],
  ['broadcast', [2], [1, 1]],
  ['of a number', [3, 2], []],
] as const) {
  checkFunction({
    name: `where ${name}`,
    fn: (a, b) => F.where(onDefaultDevice(condition), a, b),
    inputs: [x, y],
    forward: (...xs) =>
      moved([3, 2], (index) => {
        const input = index[0] === 1 ? 1 : 0;
        const { shape } = xs[input];
        const own = index.slice(2 - shape.length);
        return { input, index: own.map((i, k) => (shape[k] === 1 ? 0 : i)) };
      })(...xs),
  });
}

checkFunction({
  name: 'where with a constant',
  fn: (x) => F.where(onDefaultDevice(condition), 7, x),
  inputs: [[3, 2]],
  forward: moved([3, 2], ([i, j]) => (i === 1 ? [i, j] : 7)),
});

it('where: an infinite gradient on the side not chosen does not spread', () => {
  const x = new Variable(np.array([-1, 4]));
  const y = F.where(np.array([false, true]), F.sqrt(x), 0);
  expect(y.tolist()).toEqual([0, 2]);
  const z = F.where(np.array([false, true]), x, 5);
  expect(grad([F.sum(z)], [x])[0]?.tolist()).toEqual([0, 1]);
});

describe('cast', () => {
  it('truncates to integers, through which no gradient flows', () => {
    const x = new Variable(np.array([-1.7, 2.9]));
    const y = F.cast(x, 'int32');
    expect([y.dtype, y.tolist(), y.requiresGrad]).toEqual(['int32', [-1, 2], false]);
    expect(F.cast(x, 'bool').tolist()).toEqual([1, 1]);
  });

  it('casts the gradient back', () => {
    const x = new Variable(np.array([1, 2]));
    const [gx] = grad([F.sum(F.square(F.cast(x, 'float64')))], [x]);
    expect([gx?.dtype, gx?.tolist()]).toEqual(['float32', [2, 4]]);
  });

  it('of the same dtype is the variable itself, and of integers works', () => {
    const x = new Variable(np.array([1, 2]));
    expect(F.cast(x, 'float32')).toBe(x);
    expect(F.cast(ints(1, 2), 'float64').dtype).toBe('float64');
  });
});

it('copy copies, and carries the gradient back', () => {
  const x = new Variable(np.array([1, 2]));
  const y = F.copy(x, 'wasm');
  x.array.set([5, 5]);
  expect(y.tolist()).toEqual([1, 2]);
  expect(grad([F.sum(F.mul(y, y))], [x])[0]?.tolist()).toEqual([2, 4]);
});

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 3]);
  const double = np.zeros([2, 3], 'float64');
  it.each<[name: string, call: () => unknown, error: new (message?: string) => RensaError]>([
    ['getItem out of range', () => F.getItem(x, [2]), IndexError],
    ['getItem with too many indices', () => F.getItem(x, [0, 0, 0]), IndexError],
    ['getItem with fractional positions', () => F.getItem(x, [np.array([0.5])]), DTypeError],
    ['getItem with a mask of another shape', () => F.getItem(x, [np.array([true])]), IndexError],
    ['selectItem out of range', () => F.selectItem(x, ints(0, 3)), IndexError],
    ['selectItem of another length', () => F.selectItem(x, ints(0)), ShapeError],
    ['selectItem with floating labels', () => F.selectItem(x, np.zeros([2])), DTypeError],
    ['diagonal of one axis', () => F.diagonal(x, 0, 1, -1), ShapeError],
    ['diagonal of a vector', () => F.diagonal(np.zeros([3])), ShapeError],
    ['flip along a missing axis', () => F.flip(x, 2), ShapeError],
    ['fliplr of a vector', () => F.fliplr(np.zeros([3])), ShapeError],
    ['flipud of a number', () => F.flipud(np.zeros([])), ShapeError],
    ['permutate by what repeats', () => F.permutate(x, ints(1, 1)), ValueError],
    ['permutate by what is out of range', () => F.permutate(x, ints(1, 2)), ValueError],
    ['permutate by too few', () => F.permutate(x, ints(0)), ShapeError],
    ['permutate by floats', () => F.permutate(x, np.array([0, 1])), DTypeError],
    ['repeat a negative number of times', () => F.repeat(x, -1), ValueError],
    ['repeat by numbers that do not fit', () => F.repeat(x, [1, 2], 1), ShapeError],
    ['tile half a time', () => F.tile(x, 0.5), ValueError],
    ['asStrided beyond the end', () => F.asStrided(x, [3], [3]), ValueError],
    ['asStrided before the beginning', () => F.asStrided(x, [2], [-1]), ValueError],
    ['asStrided with too few strides', () => F.asStrided(x, [2, 2], [1]), ShapeError],
    ['scatterAdd of another shape', () => F.scatterAdd(x, [0], np.zeros([2])), ShapeError],
    ['scatterAdd of another dtype', () => F.scatterAdd(x, [':'], double), DTypeError],
    ['where by numbers', () => F.where(x, x, x), DTypeError],
    ['where of two dtypes', () => F.where(np.array([true]), x, double), DTypeError],
    ['where of shapes that do not broadcast', () => F.where(np.array([true, false]), x, x), ShapeError],
    ['cast to no dtype', () => F.cast(x, 'float16' as 'float32'), DTypeError],
  ])('%s is refused', (_, call, error) => {
    expect(call).toThrow(error);
  });
});
