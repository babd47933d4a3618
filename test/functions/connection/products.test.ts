/** Connections without windows: bilinear, embedId, linear, shift. */
import { describe, expect, it } from 'vitest';
import { F, IndexError, np, ShapeError, ValueError, type Variable } from '../../../src/index.js';
import { checkFunction, type HostValues } from '../../support/function-harness.js';
import { elementOf, filled } from '../../support/oracle/windows.js';

function dot(x: HostValues, W: HostValues, n: number, l: number): number {
  let sum = 0;
  for (let j = 0; j < W.shape[0]; j++) sum += elementOf(x, [n, j]) * elementOf(W, [j, l]);
  return sum;
}

function bilinear(e1: HostValues, e2: HostValues, W: HostValues, n: number, l: number): number {
  let sum = 0;
  for (let j = 0; j < W.shape[0]; j++) {
    for (let k = 0; k < W.shape[1]; k++) sum += elementOf(e1, [n, j]) * elementOf(e2, [n, k]) * elementOf(W, [j, k, l]);
  }
  return sum;
}

checkFunction({
  name: 'bilinear',
  fn: (e1, e2, W) => F.bilinear(e1, e2, W),
  inputs: [
    [3, 2],
    [3, 4],
    [2, 4, 5],
  ],
  forward: (e1, e2, W) => filled([3, 5], ([n, l]) => bilinear(e1, e2, W, n, l)),
});

checkFunction({
  name: 'bilinear with its linear part',
  fn: (e1, e2, W, V1, V2, b) => F.bilinear(e1, e2, W, V1, V2, b),
  inputs: [[2, 3], [2, 2], [3, 2, 1], [3, 1], [2, 1], [1]],
  forward: (e1, e2, W, V1, V2, b) =>
    filled([2, 1], ([n, l]) => bilinear(e1, e2, W, n, l) + dot(e1, V1, n, l) + dot(e2, V2, n, l) + b.values[l]),
});

for (const [batchAxes, x, y] of [
  [1, [2, 3, 2], [2, 4]],
  [2, [2, 3, 6], [2, 3, 4]],
  [1, [0, 6], [0, 4]],
] as const) {
  checkFunction({
    name: `linear of (${x}) with ${batchAxes} batch axes`,
    fn: (x, W, b) => F.linear(x, W, b, { nBatchAxes: batchAxes }),
    inputs: [x, [4, 6], [4]],
    forward: (x, W, b) => {
      const rows = { shape: [x.values.length / 6, 6], values: x.values };
      return filled(y, (index) => {
        const o = index[index.length - 1];
        const n = batchAxes === 1 ? index[0] : index[0] * y[1] + index[1];
        let sum = b.values[o];
        for (let j = 0; j < 6; j++) sum += elementOf(rows, [n, j]) * elementOf(W, [o, j]);
        return sum;
      });
    },
  });
}

describe('embedId', () => {
  for (const [name, labels, shape, ignoreLabel] of [
    ['labels', [2, 0, 2, 1], [4], null],
    ['labels of two axes', [2, 0, 1, 1, 2, 2], [2, 3], null],
    ['ignored labels', [-1, 0, 2, -1], [2, 2], -1],
    ['an ignored label that exists', [1, 0, 2, 1], [4], 1],
    ['no labels', [], [0], null],
  ] as const) {
    checkFunction({
      name,
      fn: (t: Variable, W: Variable) => F.embedId(t, W, { ignoreLabel }),
      inputs: [{ shape, values: labels, dtype: 'int32' }, [3, 2]],
      noGrads: [true, false],
      forward: (t, W) =>
        filled([...shape, 2], (index) => {
          const label = elementOf(t, index.slice(0, -1));
          return label === ignoreLabel ? 0 : elementOf(W, [label, index[index.length - 1]]);
        }),
    });
  }

  it('refuses labels out of range', () => {
    expect(() => F.embedId(np.array([0, 3], 'int32'), np.zeros([3, 2]))).toThrow(IndexError);
    expect(() => F.embedId(np.array([-1], 'int32'), np.zeros([3, 2]))).toThrow('label -1 at position 0');
    expect(() => F.embedId(np.array([0]), np.zeros([3, 2]))).toThrow('expected int32');
    expect(() => F.embedId(np.array([0], 'int32'), np.zeros([3]))).toThrow(ShapeError);
  });
});

describe('shift', () => {
  /** Nine directions in rows; the unmoved one, in the middle, changes places with the last. */
  const ORDER = [0, 1, 2, 3, 8, 5, 6, 7, 4];
  for (const [dilate, channels] of [
    [1, 9],
    [2, 9],
    [1, 11],
  ] as const) {
    checkFunction({
      name: `${channels} channels by ${dilate}`,
      fn: (x) => F.shift(x, 3, dilate),
      inputs: [[1, channels, 4, 3]],
      forward: (x) =>
        filled(x.shape, ([n, c, i, j]) => {
          const direction = ORDER[Math.min(c, 8)];
          const at = [i - (Math.floor(direction / 3) - 1) * dilate, j - ((direction % 3) - 1) * dilate];
          const inside = at[0] >= 0 && at[0] < 4 && at[1] >= 0 && at[1] < 3;
          return inside ? elementOf(x, [n, c, ...at]) : 0;
        }),
    });
  }

  it('refuses even windows and too few channels', () => {
    expect(() => F.shift(np.zeros([1, 4, 3, 3]), 2)).toThrow(ValueError);
    expect(() => F.shift(np.zeros([1, 8, 3, 3]))).toThrow('9 directions need as many channels');
  });
});

it('bilinear refuses half of its linear part, and shapes that do not fit', () => {
  const [e, W] = [np.zeros([2, 3]), np.zeros([3, 3, 1])];
  expect(() => F.bilinear(e, e, W, np.zeros([3, 1]))).toThrow('together or not at all');
  expect(() => F.bilinear(e, np.zeros([2, 2]), W)).toThrow(ShapeError);
  expect(() => F.bilinear(e, e, W, np.zeros([3, 2]), np.zeros([3, 1]), np.zeros([1]))).toThrow('V1 is (3,2)');
});
