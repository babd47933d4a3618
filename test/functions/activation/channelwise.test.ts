/** Activations with one parameter per channel or feature. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, np, ShapeError, Variable } from '../../../src/index.js';
import { checkFunction, type HostValues } from '../../support/function-harness.js';
import { ofBroadcast } from '../../support/oracle/element-functions.js';

/** A parameter for the axes of x from 1 on, with axes of length 1 to its right. */
const aligned = (x: HostValues, w: HostValues): HostValues => ({
  ...w,
  shape: [...w.shape, ...new Array(x.shape.length - 1 - w.shape.length).fill(1)],
});
const alongChannels = (f: (x: number, w: number) => number) => (x: HostValues, w: HostValues) =>
  ofBroadcast(f as (...elements: number[]) => number)(x, aligned(x, w));

const SHAPES: [x: number[], parameter: number[]][] = [
  [[3, 4], [4]],
  [[2, 3, 2, 2], [3]],
  [
    [2, 3, 4],
    [3, 4],
  ],
  [[2, 3], []],
  [[0, 3], [3]],
];

for (const [x, parameter] of SHAPES) {
  checkFunction({
    name: `prelu of (${x}) with (${parameter})`,
    fn: F.prelu,
    inputs: [x, parameter],
    forward: alongChannels((v, w) => (v >= 0 ? v : w * v)),
  });
  checkFunction({
    name: `swish of (${x}) with (${parameter})`,
    fn: F.swish,
    inputs: [x, parameter],
    forward: alongChannels((v, beta) => v / (1 + Math.exp(-beta * v))),
  });
}

describe('parameters that do not fit', () => {
  it.each<[x: number[], parameter: number[]]>([
    [[2, 3], [2]],
    [
      [2, 3],
      [3, 1],
    ],
    [[3], [3]],
    [[], []],
  ])('x (%s) refuses (%s)', (x, parameter) => {
    for (const fn of [F.prelu, F.swish]) {
      expect(() => fn(np.ones(x), np.ones(parameter))).toThrow(ShapeError);
    }
  });

  it('two dtypes', () => {
    for (const fn of [F.prelu, F.swish]) {
      expect(() => fn(np.ones([2, 3]), np.ones(3, 'float64'))).toThrow(DTypeError);
    }
  });
});

it('gives prelu the slope 1 at 0', () => {
  const x = new Variable(np.array([[-2, 0, 2]]));
  const W = new Variable(np.array([10, 20, 30]));
  const y = F.prelu(x, W);
  expect(y.tolist()).toEqual([[-20, 0, 2]]);
  y.sum().backward();
  expect(x.grad?.tolist()).toEqual([[10, 1, 1]]);
  expect(W.grad?.tolist()).toEqual([-2, 0, 0]);
});
