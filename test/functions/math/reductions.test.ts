/** Functions that reduce axes: sums, means, extremes, and their like. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, grad, np, ShapeError, Variable } from '../../../src/index.js';
import { checkFunction, type HostValues } from '../../support/function-harness.js';
import { at, build, indicesOf } from '../../support/host-array.js';
import { argReduce, cumulative, reduce } from '../../support/oracle/reductions.js';

const asHost = (x: HostValues) => ({ ...x, dtype: 'float64' as const });
const axesOf = (axis: np.Axis | undefined, ndim: number) =>
  [axis ?? Array.from({ length: ndim }, (_, k) => k)].flat().map((k) => (k < 0 ? k + ndim : k));
const map = (x: HostValues, f: (v: number) => number): HostValues => ({ ...x, values: x.values.map((v) => f(v)) });

const AXES: [shape: number[], axis: np.Axis | undefined, keepdims: boolean][] = [
  [[3, 4], undefined, false],
  [[2, 3, 4], 0, false],
  [[2, 3, 4], [0, -1], false],
  [[2, 3, 4], -2, true],
  [[2, 3, 4], null, true],
  [[2, 3], [], false],
  [[], null, false],
  [[5], 0, true],
];

describe.each(AXES)('of (%j) over %j, keepdims %s', (shape, axis, keepdims) => {
  const folded = (op: 'sum' | 'prod' | 'max' | 'min') => (x: HostValues) =>
    reduce(op, asHost(x), axesOf(axis, shape.length), keepdims);
  const inputs = [shape];

  checkFunction({ name: 'sum', fn: (x) => F.sum(x, axis, keepdims), inputs, forward: folded('sum') });
  checkFunction({ name: 'prod', fn: (x) => F.prod(x, axis, keepdims), inputs, forward: folded('prod') });
  checkFunction({ name: 'max', fn: (x) => F.max(x, axis, keepdims), inputs, forward: folded('max') });
  checkFunction({ name: 'min', fn: (x) => F.min(x, axis, keepdims), inputs, forward: folded('min') });
  const count = axesOf(axis, shape.length).reduce((n, k) => n * shape[k], 1);
  checkFunction({
    name: 'mean',
    fn: (x) => F.mean(x, axis, keepdims),
    inputs,
    forward: (x) => map(folded('sum')(x), (v) => v / count),
  });
  if (keepdims) return;
  checkFunction({
    name: 'logsumexp',
    fn: (x) => F.logsumexp(x, axis),
    inputs,
    forward: (x) => map(folded('sum')(map(x, Math.exp)), Math.log),
  });
});

describe('weighted average', () => {
  checkFunction({
    name: 'with weights of the shape of x',
    fn: (x, w) => F.average(x, null, w),
    inputs: [[2, 3], { shape: [2, 3], uniform: [0.5, 2] }],
    forward: (x, w) => {
      const total = w.values.reduce((a, b) => a + b, 0);
      return { shape: [], values: Float64Array.of(x.values.reduce((sum, v, i) => sum + v * w.values[i], 0) / total) };
    },
  });

  checkFunction({
    name: 'with weights along one axis',
    fn: (x, w) => F.average(x, -1, w, true),
    inputs: [[2, 3], { shape: [3], uniform: [0.5, 2] }],
    forward: (x, w) => {
      const total = w.values.reduce((a, b) => a + b, 0);
      return build([2, 1], 'float64', ([i]) =>
        w.values.reduce((sum, weight, k) => sum + (at(asHost(x), [i, k]) * weight) / total, 0),
      );
    },
  });

  it('refuses weights that do not fit, and several axes', () => {
    expect(() => F.average(np.ones([2, 3]), 1, np.ones(2))).toThrow(ShapeError);
    expect(() => F.average(np.ones([2, 3]), null, np.ones(3))).toThrow(ShapeError);
    expect(() => F.average(np.ones([2, 3, 4]), [0, 1], np.ones(2))).toThrow(ShapeError);
  });
});

describe('max and min', () => {
  it('give the whole gradient to every tied element', () => {
    const x = new Variable(
      np.array([
        [1, 3, 3],
        [2, 2, 2],
      ]),
    );
    const gradient = (y: Variable) => grad([F.sum(y)], [x])[0]?.tolist();
    expect(gradient(F.max(x, 1))).toEqual([
      [0, 1, 1],
      [1, 1, 1],
    ]);
    expect(gradient(F.min(x))).toEqual([
      [1, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('refuse empty arrays', () => {
    for (const fn of [F.max, F.min, F.logsumexp, F.argmax, F.argmin])
      expect(() => fn(np.ones([2, 0]))).toThrow(ShapeError);
  });
});

describe('prod', () => {
  it('has the right gradient where factors are 0', () => {
    const x = new Variable(
      np.array([
        [0, 2, 3],
        [0, 0, 3],
      ]),
    );
    F.sum(F.prod(x, 1)).backward();
    expect(x.grad?.tolist()).toEqual([
      [6, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('is 1 for an empty axis', () => expect(F.prod(np.ones([0, 2]), 0).tolist()).toEqual([1, 1]));
});

it('logsumexp does not overflow', () => {
  const x = new Variable(np.array([1000, 1000]));
  const y = F.logsumexp(x);
  expect(y.item()).toBeCloseTo(1000 + Math.log(2), 3);
  y.backward();
  // The result is rounded at the magnitude of 1000, and the gradient with it.
  for (const g of x.grad?.dataSync() ?? []) expect(g).toBeCloseTo(0.5, 4);
});

describe.each<[shape: number[], axis: number | null]>([
  [[3, 4], null],
  [[3, 4], 0],
  [[2, 3, 4], -2],
  [[5], 0],
  [[1], 0],
  [[2, 9, 2], 1],
  [[0, 3], 0],
])('cumulative of (%s) along %s', (shape, axis) => {
  const running = (op: 'cumsum' | 'cumprod') => (x: HostValues) =>
    axis === null
      ? cumulative(op, { ...asHost(x), shape: [x.values.length] }, 0)
      : cumulative(op, asHost(x), axis < 0 ? axis + shape.length : axis);
  checkFunction({ name: 'cumsum', fn: (x) => F.cumsum(x, axis), inputs: [shape], forward: running('cumsum') });
  checkFunction({ name: 'cumprod', fn: (x) => F.cumprod(x, axis), inputs: [shape], forward: running('cumprod') });
});

it('cumprod has the right gradient where factors are 0', () => {
  const x = new Variable(np.array([2, 0, 3, 0, 5]));
  F.sum(F.cumprod(x)).backward();
  // In 2 + 2a + 2a·3 + … only products without the other zero remain.
  expect(x.grad?.tolist()).toEqual([1, 8, 0, 0, 0]);
});

describe.each<[shape: number[], axis: number | null]>([
  [[3, 4], null],
  [[3, 4], 0],
  [[2, 3, 4], -1],
])('positions in (%s) along %s', (shape, axis) => {
  const positions = (op: 'argmax' | 'argmin') => (x: HostValues) =>
    axis === null
      ? argReduce(op, { ...asHost(x), shape: [x.values.length] }, 0)
      : argReduce(op, asHost(x), axis < 0 ? axis + shape.length : axis);
  for (const op of ['argmax', 'argmin'] as const) {
    checkFunction({ name: op, fn: (x) => F[op](x, axis), inputs: [shape], forward: positions(op), backward: false });
  }

  it('are int32 and carry no gradient', () => {
    const y = F.argmax(new Variable(np.ones(shape)), axis);
    expect([y.dtype, y.requiresGrad]).toEqual(['int32', false]);
  });
});

checkFunction({
  name: 'batchL2NormSquared',
  fn: F.batchL2NormSquared,
  inputs: [[2, 3, 2]],
  forward: (x) => reduce('sum', asHost(map(x, (v) => v * v)), [1, 2]),
});

for (const target of [[3, 1], [1, 3, 4], [4], [], [2, 3, 4]]) {
  checkFunction({
    name: `sumTo (${target})`,
    fn: (x) => F.sumTo(x, target),
    inputs: [[2, 3, 4]],
    forward: (x) => {
      const sums = { shape: target, values: new Float64Array(target.reduce((n, k) => n * k, 1)) };
      for (const index of indicesOf(x.shape)) {
        const place = index
          .slice(index.length - target.length)
          .reduce((p, i, k) => p * target[k] + (target[k] === 1 ? 0 : i), 0);
        sums.values[place] += at(asHost(x), index);
      }
      return sums;
    },
  });
}

it('refuses integers, and axes that are not there', () => {
  const fns = [F.sum, F.prod, F.max, F.min, F.mean, F.logsumexp, F.cumsum, F.cumprod, F.argmax];
  for (const fn of fns) {
    expect(() => fn(np.array([[1, 2]], 'int32'))).toThrow(DTypeError);
    expect(() => fn(np.ones([2, 3]), 2)).toThrow(ShapeError);
    expect(() => fn(np.ones([2, 3]), -3)).toThrow(ShapeError);
  }
  for (const fn of [F.sum, F.prod, F.max]) expect(() => fn(np.ones([2, 3]), [1, -1])).toThrow(ShapeError);
  expect(() => F.batchL2NormSquared(np.ones(3))).toThrow(ShapeError);
});
