/** Losses that want scores or distances on one side of a margin. */
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
import { at, build } from '../../support/host-array.js';

const asHost = (x: HostValues) => ({ ...x, dtype: 'float64' as const });
const ints = (...values: number[]) => np.array(Int32Array.from(values));
const scalar = (value: number): HostValues => ({ shape: [], values: Float64Array.of(value) });
const total = (x: HostValues) => x.values.reduce((a, b) => a + b, 0);
const mean = (x: HostValues) => scalar(total(x) / x.values.length);
const squaredDistance = (a: HostValues, b: HostValues, n: number) =>
  Array.from({ length: a.shape[1] }, (_, k) => (at(asHost(a), [n, k]) - at(asHost(b), [n, k])) ** 2).reduce(
    (sum, v) => sum + v,
    0,
  );

const LABELS = [1, 0, 3, 3];
const hinge = (power: number) => (x: HostValues) =>
  build(x.shape, 'float64', ([n, k]) => {
    const sign = LABELS[n] === k ? 1 : -1;
    return Math.max(0, 1 - sign * at(asHost(x), [n, k])) ** power;
  });

for (const [norm, power] of [
  ['L1', 1],
  ['L2', 2],
] as const) {
  const t = ints(...LABELS);
  checkFunction({
    name: `hinge, ${norm}`,
    fn: (x) => F.hinge(x, onDefaultDevice(t), { norm }),
    inputs: [[4, 5]],
    forward: (x) => scalar(total(hinge(power)(x)) / 4),
  });
  checkFunction({
    name: `hinge, ${norm}, of each`,
    fn: (x) => F.hinge(x, onDefaultDevice(t), { norm, reduce: 'no' }),
    inputs: [[4, 5]],
    forward: hinge(power),
  });
}

it('the gradient of hinge is 0 at the margin', () => {
  const x = new Variable(np.array([[1, -1, 0.5]]));
  expect(
    grad([F.hinge(x, ints(0))], [x])[0]
      ?.add(0)
      .tolist(),
  ).toEqual([[0, 0, 1]]);
});

const PAIRS = [1, 0, 0, 1, 0];
const contrastive = (margin: number) => (a: HostValues, b: HostValues) =>
  build([5], 'float64', ([n]) => {
    const squared = squaredDistance(a, b, n);
    return (PAIRS[n] ? squared : Math.max(0, margin - Math.sqrt(squared)) ** 2) / 2;
  });

for (const margin of [undefined, 2.5]) {
  const y = ints(...PAIRS);
  const inputs = [
    [5, 3],
    [5, 3],
  ];
  const oracle = contrastive(margin ?? 1);
  checkFunction({
    name: `contrastive, margin ${margin}`,
    fn: (a, b) => F.contrastive(a, b, onDefaultDevice(y), { margin }),
    inputs,
    forward: (a, b) => mean(oracle(a, b)),
  });
  checkFunction({
    name: `contrastive, margin ${margin}, of each`,
    fn: (a, b) => F.contrastive(a, b, onDefaultDevice(y), { margin, reduce: 'no' }),
    inputs,
    forward: oracle,
  });
}

it('contrastive of two samples that are one has no gradient, and second derivatives exist', () => {
  const a = new Variable(
    np.array([
      [1, 2],
      [1, 2],
    ]),
  );
  const loss = F.contrastive(
    a,
    np.array([
      [1, 2],
      [1, 2],
    ]),
    ints(0, 1),
    { reduce: 'no' },
  );
  expect(loss.tolist()).toEqual([0.5, 0]);
  const [ga] = grad([F.sum(loss)], [a], { enableDoubleBackprop: true });
  expect(ga?.tolist()).toEqual([
    [0, 0],
    [0, 0],
  ]);
  const [gga] = grad([F.sum(ga as Variable)], [a]);
  expect(gga?.dataSync().every(Number.isFinite)).toBe(true);
});

const triplet = (margin: number) => (a: HostValues, p: HostValues, n: HostValues) =>
  build([4], 'float64', ([i]) => Math.max(0, squaredDistance(a, p, i) - squaredDistance(a, n, i) + margin));

for (const margin of [undefined, 1]) {
  const inputs = [
    [4, 3],
    [4, 3],
    [4, 3],
  ];
  const oracle = triplet(margin ?? 0.2);
  checkFunction({
    name: `triplet, margin ${margin}`,
    fn: (a, p, n) => F.triplet(a, p, n, { margin }),
    inputs,
    forward: (a, p, n) => mean(oracle(a, p, n)),
  });
  checkFunction({
    name: `triplet, margin ${margin}, of each`,
    fn: (a, p, n) => F.triplet(a, p, n, { margin, reduce: 'no' }),
    inputs,
    forward: oracle,
  });
}

/** Two images of 2×3 pixels with instances 1, 2 and, in one of them, 3; 0 and 9 are none of them. */
const INSTANCES = [1, 1, 2, 2, 0, 1, 3, 3, 1, 2, 9, 2];
const DELTA_V = 0.5;
const DELTA_D = 1.5;

function discriminative(order: 1 | 2) {
  const norm = (v: number[]) =>
    order === 1 ? v.reduce((sum, e) => sum + Math.abs(e), 0) : Math.sqrt(v.reduce((sum, e) => sum + e ** 2, 0));
  return (x: HostValues): HostValues[] => {
    const [n, k] = x.shape;
    const embedding = (i: number, pixel: number) =>
      Array.from({ length: k }, (_, d) => x.values[(i * k + d) * 6 + pixel]);
    const pixelsOf = (i: number, c: number) => [...Array(6).keys()].filter((p) => INSTANCES[i * 6 + p] === c + 1);
    const centres = Array.from({ length: k }, (_, c) =>
      Array.from({ length: n }, (_, i) => {
        const pixels = pixelsOf(i, c).map((p) => embedding(i, p));
        return Array.from(
          { length: k },
          (_, d) => pixels.reduce((sum, e) => sum + e[d], 0) / Math.max(1, pixels.length),
        );
      }),
    );
    const regularization = centres.reduce((sum, images) => sum + norm(images.flat()), 0) / (k * n);
    let variance = 0;
    let distance = 0;
    for (let c = 0; c < k; c++) {
      let [spread, count] = [0, 0];
      for (let i = 0; i < n; i++) {
        for (const p of pixelsOf(i, c)) {
          const apart = norm(embedding(i, p).map((e, d) => centres[c][i][d] - e));
          spread += Math.max(0, apart - DELTA_V) ** 2;
          count++;
        }
        for (let other = c + 1; other < k; other++) {
          const apart = norm(centres[c][i].map((e, d) => e - centres[other][i][d]));
          distance += Math.max(0, 2 * DELTA_D - apart) ** 2;
        }
      }
      variance += spread / Math.max(1, count);
    }
    const pairs = ((k * (k - 1)) / 2) * n;
    return [scalar((2 * variance) / k), scalar((3 * distance) / pairs), scalar(0.1 * regularization)];
  };
}

for (const norm of [1, 2] as const) {
  const labels = np.reshape(ints(...INSTANCES), [2, 2, 3]);
  const options = { norm, alpha: 2, beta: 3, gamma: 0.1 };
  checkFunction({
    name: `discriminativeMarginBasedClusteringLoss, norm ${norm}`,
    fn: (x) => F.discriminativeMarginBasedClusteringLoss(x, onDefaultDevice(labels), DELTA_V, DELTA_D, 3, options),
    inputs: [[2, 3, 2, 3]],
    forward: discriminative(norm),
    // Kinks of |x| lie near: smaller steps.
    eps: 1e-5,
  });
}

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 3]);
  const t = ints(0, 1);
  const images = np.zeros([1, 2, 2, 2]);
  const cluster = F.discriminativeMarginBasedClusteringLoss;
  it.each<[name: string, call: () => unknown, error: new (message?: string) => RensaError]>([
    ['hinge of a vector', () => F.hinge(np.zeros([2]), t), ShapeError],
    ['hinge with labels out of range', () => F.hinge(x, ints(0, 3)), IndexError],
    ['hinge with too few labels', () => F.hinge(x, ints(0)), ShapeError],
    ['hinge with floating labels', () => F.hinge(x, np.zeros([2])), DTypeError],
    ['hinge with another norm', () => F.hinge(x, t, { norm: 'L3' as 'L2' }), ValueError],
    ['hinge with another reduction', () => F.hinge(x, t, { reduce: 'sum' as 'no' }), ValueError],
    ['contrastive without a margin', () => F.contrastive(x, x, t, { margin: 0 }), ValueError],
    ['contrastive with too few labels', () => F.contrastive(x, x, ints(0)), ShapeError],
    ['contrastive of no samples', () => F.contrastive(np.zeros([0, 2]), np.zeros([0, 2]), ints()), ShapeError],
    ['contrastive of other shapes', () => F.contrastive(x, np.zeros([2, 2]), t), ShapeError],
    ['contrastive with floating labels', () => F.contrastive(x, x, np.zeros([2])), DTypeError],
    ['contrastive with another reduction', () => F.contrastive(x, x, t, { reduce: 'sum' as 'no' }), ValueError],
    ['triplet without a margin', () => F.triplet(x, x, x, { margin: -1 }), ValueError],
    ['triplet of other shapes', () => F.triplet(x, x, np.zeros([2, 2])), ShapeError],
    ['triplet of no samples', () => F.triplet(np.zeros([0, 2]), np.zeros([0, 2]), np.zeros([0, 2])), ShapeError],
    ['triplet with another reduction', () => F.triplet(x, x, x, { reduce: 'sum' as 'no' }), ValueError],
    ['clustering with another dimension', () => cluster(images, ints(), 1, 1, 3), ShapeError],
    ['clustering with labels of another shape', () => cluster(images, ints(1), 1, 1, 2), ShapeError],
    ['clustering with floating labels', () => cluster(images, np.zeros([1, 2, 2]), 1, 1, 2), DTypeError],
    ['clustering with another norm', () => cluster(images, ints(), 1, 1, 2, { norm: 3 as 2 }), ValueError],
  ])('%s is refused', (_, call, error) => {
    expect(call).toThrow(error);
  });
});
