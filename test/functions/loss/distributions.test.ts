/** Losses of distributions: likelihoods, divergences and covariances. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, np, type RensaError, ShapeError, ValueError, type Variable } from '../../../src/index.js';
import { checkFunction, type HostValues } from '../../support/function-harness.js';
import { at, build } from '../../support/host-array.js';
import { ofBroadcast } from '../../support/oracle/element-functions.js';

const asHost = (x: HostValues) => ({ ...x, dtype: 'float64' as const });
const scalar = (value: number): HostValues => ({ shape: [], values: Float64Array.of(value) });
const total = (x: HostValues) => x.values.reduce((a, b) => a + b, 0);

type Likelihood = (...inputs: [Variable, Variable, Variable, F.NllOptions]) => Variable;

const LIKELIHOODS: [name: string, fn: Likelihood, inputs: number, oracle: (...elements: number[]) => number][] = [
  [
    'gaussianKlDivergence',
    (m, v, _, options) => F.gaussianKlDivergence(m, v, options),
    2,
    (m, v) => (m ** 2 + Math.exp(v) - v - 1) / 2,
  ],
  ['bernoulliNll', (x, y, _, options) => F.bernoulliNll(x, y, options), 2, (x, y) => Math.log1p(Math.exp(y)) - x * y],
  ['gaussianNll', F.gaussianNll, 3, (x, m, v) => (Math.log(2 * Math.PI) + v + (x - m) ** 2 / Math.exp(v)) / 2],
];

for (const [name, fn, count, element] of LIKELIHOODS) {
  const oracle = ofBroadcast(element);
  const reductions: Record<string, (x: HostValues) => HostValues> = {
    sum: (x) => scalar(total(x)),
    mean: (x) => scalar(total(x) / x.values.length),
    no: (x) => x,
  };
  for (const [reduce, apply] of Object.entries(reductions)) {
    checkFunction({
      name: `${name}, reduce '${reduce}'`,
      fn: (...xs) => fn(xs[0], xs[1], xs[2], { reduce: reduce as 'sum' | 'mean' | 'no' }),
      inputs: Array.from({ length: count }, () => [3, 4]),
      forward: (...xs) => apply(oracle(...xs)),
    });
  }
  checkFunction({
    name: `${name} of numbers`,
    fn: (...xs) => fn(xs[0], xs[1], xs[2], {}),
    inputs: Array.from({ length: count }, () => []),
    forward: oracle,
  });
}

/** The covariance of column i of y and column j of z. */
function covariance(y: HostValues, z: HostValues, i: number, j: number): number {
  const n = y.shape[0];
  const centred = (x: HostValues, k: number) => {
    const column = Array.from({ length: n }, (_, m) => at(asHost(x), [m, k]));
    const average = column.reduce((a, b) => a + b, 0) / n;
    return column.map((v) => v - average);
  };
  const [a, b] = [centred(y, i), centred(z, j)];
  return a.reduce((sum, v, m) => sum + v * b[m], 0) / n;
}
const halfSquares = (x: HostValues) => scalar(x.values.reduce((sum, v) => sum + v * v, 0) / 2);

const cross = (y: HostValues, z: HostValues) => build([3, 2], 'float64', ([i, j]) => covariance(y, z, i, j));
checkFunction({
  name: 'crossCovariance',
  fn: (y, z) => F.crossCovariance(y, z),
  inputs: [
    [5, 3],
    [5, 2],
  ],
  forward: (y, z) => halfSquares(cross(y, z)),
});
checkFunction({
  name: "crossCovariance, reduce 'no'",
  fn: (y, z) => F.crossCovariance(y, z, { reduce: 'no' }),
  inputs: [
    [5, 3],
    [5, 2],
  ],
  forward: cross,
});

const decov = (h: HostValues) => build([3, 3], 'float64', ([i, j]) => (i === j ? 0 : covariance(h, h, i, j)));
checkFunction({ name: 'decov', fn: (h) => F.decov(h), inputs: [[5, 3]], forward: (h) => halfSquares(decov(h)) });
checkFunction({
  name: "decov, reduce 'no'",
  fn: (h) => F.decov(h, { reduce: 'no' }),
  inputs: [[5, 3]],
  forward: decov,
});

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 3]);
  const double = np.zeros([2, 3], 'float64');
  it.each<[name: string, call: () => unknown, error: new (message?: string) => RensaError]>([
    ['gaussianKlDivergence of two dtypes', () => F.gaussianKlDivergence(x, double), DTypeError],
    ['gaussianKlDivergence of other shapes', () => F.gaussianKlDivergence(x, np.zeros([2])), ShapeError],
    ['bernoulliNll of integers', () => F.bernoulliNll(np.zeros([2], 'int32'), np.zeros([2])), DTypeError],
    ['bernoulliNll with another reduction', () => F.bernoulliNll(x, x, { reduce: 'max' as 'sum' }), ValueError],
    ['gaussianNll with another reduction', () => F.gaussianNll(x, x, x, { reduce: 'max' as 'sum' }), ValueError],
    ['crossCovariance of other batches', () => F.crossCovariance(x, np.zeros([3, 3])), ShapeError],
    ['crossCovariance of a vector', () => F.crossCovariance(x, np.zeros([2])), ShapeError],
    ['crossCovariance with another reduction', () => F.crossCovariance(x, x, { reduce: 'mean' as 'no' }), ValueError],
    ['decov of a vector', () => F.decov(np.zeros([3])), ShapeError],
    ['decov of integers', () => F.decov(np.zeros([3, 2], 'int32')), DTypeError],
  ])('%s is refused', (_, call, error) => {
    expect(call).toThrow(error);
  });
});
