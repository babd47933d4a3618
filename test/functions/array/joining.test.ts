/** Functions that join arrays and split them. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, grad, np, type RensaError, ShapeError, ValueError, Variable } from '../../../src/index.js';
import { checkFunction, type HostValues } from '../../support/function-harness.js';
import { moved } from '../../support/oracle/element-sources.js';

/** The oracle of joining along an axis. */
const joined =
  (axis: number) =>
  (...xs: HostValues[]): HostValues => {
    const starts = xs.map((_, i) => xs.slice(0, i).reduce((sum, x) => sum + x.shape[axis], 0));
    const total = xs.reduce((sum, x) => sum + x.shape[axis], 0);
    const shape = xs[0].shape.map((n, k) => (k === axis ? total : n));
    return moved(shape, (index) => {
      const input = starts.findLastIndex((start, i) => start <= index[axis] && xs[i].shape[axis] > 0);
      return { input, index: index.map((i, k) => (k === axis ? i - starts[input] : i)) };
    })(...xs);
  };

const reshapedTo =
  (shape: (x: HostValues) => readonly number[], join: (...xs: HostValues[]) => HostValues) =>
  (...xs: HostValues[]): HostValues =>
    join(...xs.map((x) => ({ shape: shape(x), values: x.values })));

const CONCATS: [shapes: number[][], axis: number | undefined, at: number][] = [
  [
    [
      [2, 3],
      [2, 1],
      [2, 4],
    ],
    undefined,
    1,
  ],
  [
    [
      [2, 3, 2],
      [1, 3, 2],
    ],
    0,
    0,
  ],
  [
    [
      [2, 3],
      [2, 2],
    ],
    -1,
    1,
  ],
  [[[3], [2]], 0, 0],
  [[[4, 2]], 0, 0],
  [
    [
      [2, 0],
      [2, 3],
      [2, 0],
    ],
    1,
    1,
  ],
];

for (const [shapes, axis, at] of CONCATS) {
  checkFunction({
    name: `concat of ${shapes.map((s) => `(${s})`).join(' ')} along ${axis}`,
    fn: (...xs) => F.concat(xs, axis),
    inputs: shapes,
    forward: joined(at),
  });
}

for (const [shape, axis, at] of [
  [[2, 3], undefined, 0],
  [[2, 3], 1, 1],
  [[2, 3], -1, 2],
  [[], 0, 0],
  [[0, 2], 1, 1],
] as const) {
  checkFunction({
    name: `stack of two (${shape}) along ${axis}`,
    fn: (...xs) => F.stack(xs, axis),
    inputs: [shape, shape],
    forward: reshapedTo(() => [...shape.slice(0, at), 1, ...shape.slice(at)], joined(at)),
  });
}

const STACKS: [
  name: 'hstack' | 'vstack' | 'dstack',
  shapes: number[][],
  axis: number,
  lift: (n: readonly number[]) => number[],
][] = [
  [
    'hstack',
    [
      [2, 3],
      [2, 1],
    ],
    1,
    (s) => [...s],
  ],
  ['hstack', [[3], [2]], 0, (s) => [...s]],
  ['hstack', [[], []], 0, () => [1]],
  [
    'vstack',
    [
      [2, 3],
      [1, 3],
    ],
    0,
    (s) => [...s],
  ],
  ['vstack', [[3], [3]], 0, ([n]) => [1, n]],
  ['vstack', [[], []], 0, () => [1, 1]],
  [
    'dstack',
    [
      [2, 1, 2],
      [2, 1, 1],
    ],
    2,
    (s) => [...s],
  ],
  [
    'dstack',
    [
      [2, 3],
      [2, 3],
    ],
    2,
    (s) => [...s, 1],
  ],
  ['dstack', [[3], [3]], 2, ([n]) => [1, n, 1]],
  ['dstack', [[], []], 2, () => [1, 1, 1]],
];

for (const [name, shapes, axis, lift] of STACKS) {
  checkFunction({
    name: `${name} of ${shapes.map((s) => `(${s})`).join(' ')}`,
    fn: (...xs) => F[name](xs),
    inputs: shapes,
    forward: reshapedTo((x) => lift(x.shape), joined(axis)),
  });
}

/** Pieces of an axis: where each starts, and how long it is. */
const SPLITS: [shape: number[], where: number | number[], axis: number, pieces: [start: number, length: number][]][] = [
  [
    [2, 6],
    3,
    1,
    [
      [0, 2],
      [2, 2],
      [4, 2],
    ],
  ],
  [
    [4, 6],
    [1, 4],
    -1,
    [
      [0, 1],
      [1, 3],
      [4, 2],
    ],
  ],
  [
    [6],
    [2, 2, 5],
    0,
    [
      [0, 2],
      [2, 0],
      [2, 3],
      [5, 1],
    ],
  ],
  [
    [3, 2],
    [0, 3],
    0,
    [
      [0, 0],
      [0, 3],
      [3, 0],
    ],
  ],
  [
    [5, 2],
    [-2],
    0,
    [
      [0, 3],
      [3, 2],
    ],
  ],
  [[2, 3], [], 1, [[0, 3]]],
  [[2, 3], 1, 1, [[0, 3]]],
];

for (const [shape, where, axis, pieces] of SPLITS) {
  const at = axis < 0 ? axis + shape.length : axis;
  checkFunction({
    name: `splitAxis of (${shape}) at ${JSON.stringify(where)} along ${axis}`,
    fn: (x) => F.splitAxis(x, where, axis),
    inputs: [shape],
    forward: (x) =>
      pieces.map(([start, length]) =>
        moved(
          shape.map((n, k) => (k === at ? length : n)),
          (index) => index.map((i, k) => (k === at ? i + start : i)),
        )(x),
      ),
  });
}

checkFunction({
  name: 'separate along axis 1',
  fn: (x) => F.separate(x, 1),
  inputs: [[2, 3, 2]],
  forward: (x) => [0, 1, 2].map((j) => moved([2, 2], ([i, k]) => [i, j, k])(x)),
});

checkFunction({
  name: 'padSequence',
  fn: (...xs) => F.padSequence(xs),
  inputs: [
    [2, 2],
    [3, 2],
    [0, 2],
  ],
  forward: (...xs) =>
    moved([3, 3, 2], ([input, i, j]) => (i < xs[input].shape[0] ? { input, index: [i, j] } : 0))(...xs),
});

checkFunction({
  name: 'padSequence to a length, with a padding',
  fn: (...xs) => F.padSequence(xs, 4, -1.5),
  inputs: [[2], [4]],
  forward: (...xs) => moved([2, 4], ([input, i]) => (i < xs[input].shape[0] ? { input, index: [i] } : -1.5))(...xs),
});

checkFunction({
  name: 'transposeSequence',
  fn: (...xs) => F.transposeSequence(xs),
  inputs: [
    [3, 2],
    [2, 2],
    [2, 2],
    [1, 2],
  ],
  forward: (...xs) => [4, 3, 1].map((n, t) => moved([n, 2], ([input, j]) => ({ input, index: [t, j] }))(...xs)),
});

describe('splitAxis', () => {
  const x = np.zeros([2, 3]);

  it('returns a list of one, or with forceTuple false the piece itself', () => {
    expect(F.splitAxis(x, 1, 0)).toHaveLength(1);
    expect(F.splitAxis(x, 1, 0, { forceTuple: false })).toBeInstanceOf(Variable);
    expect(F.splitAxis(x, 3, 1, { forceTuple: false })).toHaveLength(3);
  });

  it('takes positions as an array', () => {
    const shapes = F.splitAxis(x, np.array([1, 2], 'int32'), 1).map((y) => y.shape);
    expect(shapes).toEqual([
      [2, 1],
      [2, 1],
      [2, 1],
    ]);
  });

  it('gives zeros where a piece is not used', () => {
    const v = new Variable(np.array([1, 2, 3, 4]));
    const [, y] = F.splitAxis(v, 2, 0);
    const [gx] = grad([F.sum(F.square(y))], [v]);
    expect(gx?.tolist()).toEqual([0, 0, 6, 8]);
  });
});

it('an empty list becomes an empty list', () => {
  expect(F.transposeSequence([])).toEqual([]);
  expect(F.transposeSequence([np.zeros([0, 2]), np.zeros([0, 2])])).toEqual([]);
  expect(F.separate(np.zeros([2, 0]), 1)).toEqual([]);
});

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 3]);
  const double = np.zeros([2, 3], 'float64');
  it.each<[name: string, call: () => unknown, error: new (message?: string) => RensaError]>([
    ['concat of other lengths', () => F.concat([x, np.zeros([3, 3])]), ShapeError],
    ['concat of other ranks', () => F.concat([x, np.zeros([2])]), ShapeError],
    ['concat along a missing axis', () => F.concat([x, x], 2), ShapeError],
    ['concat of an empty list', () => F.concat([]), ValueError],
    ['concat of two dtypes', () => F.concat([x, double]), DTypeError],
    ['stack of other shapes', () => F.stack([x, np.zeros([3, 2])]), ShapeError],
    ['stack of an empty list', () => F.stack([]), ValueError],
    ['hstack of other ranks', () => F.hstack([np.zeros([2]), np.zeros([])]), ShapeError],
    ['hstack of an empty list', () => F.hstack([]), ValueError],
    ['vstack of other widths', () => F.vstack([np.zeros([2]), np.zeros([3])]), ShapeError],
    ['dstack of other sizes', () => F.dstack([x, np.zeros([3, 3])]), ShapeError],
    ['splitAxis into unequal sections', () => F.splitAxis(x, 2, 1), ShapeError],
    ['splitAxis into none', () => F.splitAxis(x, 0, 1), ValueError],
    ['splitAxis at unsorted positions', () => F.splitAxis(x, [2, 1], 1), ValueError],
    ['splitAxis beyond the end', () => F.splitAxis(x, [4], 1), ValueError],
    ['splitAxis along a missing axis', () => F.splitAxis(x, 1, 2), ShapeError],
    ['separate of a number', () => F.separate(np.zeros([])), ShapeError],
    ['padSequence of an empty list', () => F.padSequence([]), ValueError],
    ['padSequence of other elements', () => F.padSequence([x, np.zeros([2, 2])]), ShapeError],
    ['padSequence to too short a length', () => F.padSequence([x, x], 1), ShapeError],
    ['padSequence of numbers', () => F.padSequence([np.zeros([])]), ShapeError],
    ['transposeSequence of ascending lengths', () => F.transposeSequence([x, np.zeros([3, 3])]), ShapeError],
    ['transposeSequence of other elements', () => F.transposeSequence([x, np.zeros([1, 2])]), ShapeError],
  ])('%s is refused', (_, call, error) => {
    expect(call).toThrow(error);
  });

  it('refuses a list of holes at the first of them', () => {
    expect(() => F.padSequence(new Array(2 ** 32 - 1))).toThrow(/padSequence: xs\[0\] is undefined/);
  });
});
