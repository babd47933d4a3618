/** Cross-entropies of labels and of probabilities. */
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
import { at, build, sizeOf } from '../../support/host-array.js';

const asHost = (x: HostValues) => ({ ...x, dtype: 'float64' as const });
const ints = (values: readonly number[], shape: readonly number[] = [values.length]) =>
  np.reshape(np.array(Int32Array.from(values)), shape);
const scalar = (value: number): HostValues => ({ shape: [], values: Float64Array.of(value) });
const total = (x: HostValues) => x.values.reduce((a, b) => a + b, 0);

/** −log softmax(x) at a class, of x (N, C, …). */
function entropyAt(x: HostValues, [n, ...rest]: readonly number[], c: number): number {
  const scores = Array.from({ length: x.shape[1] }, (_, k) => at(asHost(x), [n, k, ...rest]));
  const most = Math.max(...scores);
  return most + Math.log(scores.reduce((sum, s) => sum + Math.exp(s - most), 0)) - scores[c];
}

/** The loss of each label, 0 where it is ignored. */
const labelLosses =
  (labels: readonly number[], ignored = -1, weights?: readonly number[]) =>
  (x: HostValues): HostValues => {
    const shape = x.shape.filter((_, k) => k !== 1);
    let place = 0;
    return build(shape, 'float64', (index) => {
      const c = labels[place++];
      return c === ignored ? 0 : entropyAt(x, index, c) * (weights?.[c] ?? 1);
    });
  };

interface HardCase {
  shape: number[];
  labels: number[];
  options?: F.SoftmaxCrossEntropyOptions;
  weights?: number[];
  divisor: number;
}

const HARD: HardCase[] = [
  { shape: [4, 5], labels: [0, 4, 2, 2], divisor: 4 },
  { shape: [4, 5], labels: [0, -1, 2, -1], divisor: 2 },
  { shape: [4, 5], labels: [0, -1, 2, -1], options: { normalize: false }, divisor: 4 },
  { shape: [3, 4], labels: [-1, -1, -1], divisor: 1 },
  { shape: [3, 4], labels: [2, 3, 2], options: { ignoreLabel: 2 }, divisor: 1 },
  { shape: [3, 3], labels: [0, 2, -1], weights: [2, 1, 0.5], divisor: 2 },
  { shape: [2, 3, 2, 2], labels: [0, 1, 2, -1, 2, 1, -1, 0], divisor: 6 },
  {
    shape: [2, 3, 4],
    labels: [0, 1, 2, 0, 2, 1, -1, 0],
    weights: [1, 0, 3],
    options: { normalize: false },
    divisor: 2,
  },
  { shape: [1, 1], labels: [0], divisor: 1 },
  { shape: [0, 3], labels: [], divisor: 1 },
  { shape: [2, 3, 0], labels: [], divisor: 1 },
];

for (const { shape, labels, options = {}, weights, divisor } of HARD) {
  const t = ints(
    labels,
    shape.filter((_, k) => k !== 1),
  );
  const call = (x: Variable, more: F.SoftmaxCrossEntropyOptions) => {
    const classWeight = weights ? np.array(weights, x.dtype) : null;
    return F.softmaxCrossEntropy(x, onDefaultDevice(t), { ...options, classWeight, ...more });
  };
  const oracle = labelLosses(labels, options.ignoreLabel, weights);
  const name = `softmaxCrossEntropy of (${shape}), labels ${labels}, ${JSON.stringify({ ...options, weights })}`;
  checkFunction({
    name,
    fn: (x) => call(x, {}),
    inputs: [shape],
    forward: (x) => scalar(total(oracle(x)) / divisor),
  });
  checkFunction({ name: `${name}, of each`, fn: (x) => call(x, { reduce: 'no' }), inputs: [shape], forward: oracle });
}

/** Probabilities that add up to 1 over 3 classes, one of them 0. */
const TARGETS = [0.2, 0.3, 0.5, 0, 0.9, 0.1, 1, 0, 0, 0.4, 0.4, 0.2];

for (const [shape, axesBehind] of [
  [[4, 3], 0],
  [[2, 3, 2], 1],
] as const) {
  const targets = build(shape, 'float64', (index) => {
    const sample = axesBehind === 0 ? index[0] : index[0] * 2 + index[2];
    return TARGETS[sample * 3 + index[1]];
  });
  const samples = sizeOf(shape) / 3;
  const losses =
    (kl: boolean) =>
    (x: HostValues): HostValues =>
      build(
        shape.filter((_, k) => k !== 1),
        'float64',
        ([n, ...rest]) =>
          [0, 1, 2].reduce((sum, c) => {
            const p = at(targets, [n, c, ...rest]);
            return sum + p * entropyAt(x, [n, ...rest], c) + (kl && p > 0 ? p * Math.log(p) : 0);
          }, 0),
      );
  for (const softTargetLoss of ['cross-entropy', 'kl-divergence'] as const) {
    const call = (x: Variable, reduce: 'mean' | 'no') => {
      const t = np.reshape(np.array([...targets.values], x.dtype), shape);
      return F.softmaxCrossEntropy(x, t, { softTargetLoss, reduce });
    };
    const oracle = losses(softTargetLoss === 'kl-divergence');
    checkFunction({
      name: `soft targets of (${shape}), ${softTargetLoss}`,
      fn: (x) => call(x, 'mean'),
      inputs: [shape],
      forward: (x) => scalar(total(oracle(x)) / samples),
    });
    checkFunction({
      name: `soft targets of (${shape}), ${softTargetLoss}, of each`,
      fn: (x) => call(x, 'no'),
      inputs: [shape],
      forward: oracle,
    });
  }
}

describe('softmaxCrossEntropy', () => {
  it('of large scores neither overflows nor cancels', () => {
    const x = new Variable(
      np.array([
        [1000, 0],
        [-1000, 1000],
      ]),
    );
    const y = F.softmaxCrossEntropy(x, ints([0, 0]), { reduce: 'no' });
    expect(y.array.add(0).tolist()).toEqual([0, 2000]);
    expect(grad([F.sum(y)], [x])[0]?.tolist()).toEqual([
      [0, 0],
      [-1, 1],
    ]);
  });

  it('ignores infinite scores of ignored labels', () => {
    const x = new Variable(
      np.array([
        [Number.NEGATIVE_INFINITY, 0],
        [1, 1],
      ]),
    );
    const y = F.softmaxCrossEntropy(x, ints([-1, 0]));
    expect(y.item()).toBeCloseTo(Math.log(2), 6);
    expect(grad([y], [x])[0]?.tolist()).toEqual([
      [0, 0],
      [-0.5, 0.5],
    ]);
  });
});

/** −t·log σ(x) − (1 − t)·log(1 − σ(x)). */
const sigmoidLoss = (x: number, t: number) => (t === -1 ? 0 : Math.log1p(Math.exp(t === 1 ? -x : x)));

for (const [shape, labels, divisor, normalize] of [
  [[2, 3], [0, 1, 1, 0, -1, 1], 5, true],
  [[2, 3], [0, 1, 1, 0, -1, 1], 2, false],
  [[2, 2], [-1, -1, -1, -1], 1, true],
  [[2, 1, 2], [1, 0, -1, 1], 3, true],
  [[3], [1, 0, 1], 3, false],
  [[0, 2], [], 1, true],
] as const) {
  const t = ints(labels, shape);
  const oracle = (x: HostValues): HostValues => ({ ...x, values: x.values.map((v, i) => sigmoidLoss(v, labels[i])) });
  const name = `sigmoidCrossEntropy of (${shape}), labels ${labels}, normalize ${normalize}`;
  checkFunction({
    name,
    fn: (x) => F.sigmoidCrossEntropy(x, onDefaultDevice(t), { normalize }),
    inputs: [shape],
    forward: (x) => scalar(total(oracle(x)) / divisor),
  });
  checkFunction({
    name: `${name}, of each`,
    fn: (x) => F.sigmoidCrossEntropy(x, onDefaultDevice(t), { reduce: 'no' }),
    inputs: [shape],
    forward: oracle,
  });
}

it('sigmoidCrossEntropy neither overflows nor cancels, and its gradient at 0 is σ(0) − t', () => {
  const x = new Variable(np.array([200, -200, 30, 0]));
  const y = F.sigmoidCrossEntropy(x, ints([1, 1, 1, 0]), { reduce: 'no' });
  const [a, b, c] = y.dataSync();
  expect([a, b]).toEqual([0, 200]);
  expect(c / 9.357622968840175e-14).toBeCloseTo(1, 5);
  expect(grad([F.sum(y)], [x])[0]?.dataSync()[3]).toBe(0.5);
});

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 3]);
  const t = ints([0, 1]);
  const soft = np.zeros([2, 3]);
  it.each<[name: string, call: () => unknown, error: new (message?: string) => RensaError]>([
    ['labels of another length', () => F.softmaxCrossEntropy(x, ints([0])), ShapeError],
    ['labels out of range', () => F.softmaxCrossEntropy(x, ints([0, 3])), IndexError],
    ['negative labels', () => F.softmaxCrossEntropy(x, ints([0, -2])), IndexError],
    ['labels of bytes', () => F.softmaxCrossEntropy(x, np.zeros([2], 'uint8')), DTypeError],
    ['integer scores', () => F.softmaxCrossEntropy(np.zeros([2, 3], 'int32'), t), DTypeError],
    ['a vector of scores', () => F.softmaxCrossEntropy(np.zeros([2]), t), ShapeError],
    ['another reduction', () => F.softmaxCrossEntropy(x, t, { reduce: 'sum' as 'no' }), ValueError],
    ['too few weights', () => F.softmaxCrossEntropy(x, t, { classWeight: np.ones(2) }), ShapeError],
    ['integer weights', () => F.softmaxCrossEntropy(x, t, { classWeight: ints([1, 1, 1]) }), DTypeError],
    ['soft targets of another shape', () => F.softmaxCrossEntropy(x, np.zeros([2, 4])), ShapeError],
    ['labels as floats', () => F.softmaxCrossEntropy(x, np.zeros([2])), DTypeError],
    ['soft targets of another dtype', () => F.softmaxCrossEntropy(x, np.zeros([2, 3], 'float64')), DTypeError],
    [
      'another soft loss',
      () => F.softmaxCrossEntropy(x, soft, { softTargetLoss: 'l2' as 'kl-divergence' }),
      ValueError,
    ],
    ['sigmoid labels of another shape', () => F.sigmoidCrossEntropy(x, t), ShapeError],
    ['floating sigmoid labels', () => F.sigmoidCrossEntropy(x, soft), DTypeError],
    ['another sigmoid reduction', () => F.sigmoidCrossEntropy(x, soft, { reduce: 'sum' as 'no' }), ValueError],
  ])('%s are refused', (_, call, error) => {
    expect(call).toThrow(error);
  });
});
