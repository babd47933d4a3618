/** Batch normalizations against their definition, and their updates of the running statistics. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, grad, np, ShapeError, usingConfig, Variable } from '../../../src/index.js';
import { checkFunction, type HostValues } from '../../support/function-harness.js';
import { indicesOf, sizeOf } from '../../support/host-array.js';
import { elementOf, filled } from '../../support/oracle/windows.js';

const EPS = 2e-5;

/** The place of an element's statistics: its index without the normalized axes. */
const keptOf = (index: readonly number[], axes: readonly number[]) => index.filter((_, k) => !axes.includes(k));

/** The mean over some axes of f(x, kept index), for each kept index. */
function meanOver(
  x: HostValues,
  axes: readonly number[],
  f: (value: number, kept: readonly number[]) => number,
): HostValues {
  const shape = keptOf(x.shape, axes);
  const count = x.values.length / sizeOf(shape);
  const sums = filled(shape, () => 0);
  for (const index of indicesOf(x.shape)) {
    const kept = keptOf(index, axes);
    const place = kept.reduce((at, i, k) => at * shape[k] + i, 0);
    sums.values[place] += f(elementOf(x, index), kept) / count;
  }
  return sums;
}

function statistics(x: HostValues, axes: readonly number[]): { mean: HostValues; variance: HostValues } {
  const mean = meanOver(x, axes, (value) => value);
  return { mean, variance: meanOver(x, axes, (value, kept) => (value - elementOf(mean, kept)) ** 2) };
}

function normalized(
  x: HostValues,
  [gamma, beta, mean, variance]: readonly HostValues[],
  axes: readonly number[],
  eps = EPS,
): HostValues {
  return filled(x.shape, (index) => {
    const kept = keptOf(index, axes);
    const score = (elementOf(x, index) - elementOf(mean, kept)) / Math.sqrt(elementOf(variance, kept) + eps);
    return elementOf(gamma, kept) * score + elementOf(beta, kept);
  });
}

interface Case {
  x: readonly number[];
  axis?: number | readonly number[];
  /** The axes that are meant. */
  axes: readonly number[];
}

const CASES: readonly Case[] = [
  { x: [5, 3], axes: [0] },
  { x: [2, 3, 2, 3], axes: [0, 2, 3] },
  { x: [3, 2, 4], axis: [0, 1], axes: [0, 1] },
  { x: [3, 2, 4, 2], axis: [0, 2], axes: [0, 2] },
  { x: [3, 4], axis: -1, axes: [1] },
];

for (const { x, axis = null, axes } of CASES) {
  const kept = keptOf(x, axes);
  const name = `of (${x}) over (${axis ?? 'default'})`;
  checkFunction({
    name: `batchNormalization ${name}`,
    fn: (x, gamma, beta) => F.batchNormalization(x, gamma, beta, { axis }),
    inputs: [x, kept, kept],
    tolerance: 3e-5,
    forward(x, gamma, beta) {
      const { mean, variance } = statistics(x, axes);
      return normalized(x, [gamma, beta, mean, variance], axes);
    },
  });
  checkFunction({
    name: `fixedBatchNormalization ${name}`,
    fn: (...arrays) => {
      const [x, gamma, beta, mean, variance] = arrays;
      return F.fixedBatchNormalization(x, gamma, beta, mean, variance, { axis, eps: 1e-3 });
    },
    inputs: [x, kept, kept, kept, { shape: kept, uniform: [0.5, 2] }],
    forward: (x, ...rest) => normalized(x, rest, axes, 1e-3),
  });
}

checkFunction({
  name: 'fixedBatchRenormalization',
  fn: (...arrays) => {
    const [x, gamma, beta, mean, variance] = arrays;
    return F.fixedBatchRenormalization(x, gamma, beta, mean, variance);
  },
  inputs: [[4, 3, 2], [3], [3], [3], { shape: [3], uniform: [0.5, 2] }],
  forward: (x, ...rest) => normalized(x, rest, [0, 2]),
});

checkFunction({
  name: 'batchNormalization of images with gamma for each place',
  fn: (x, gamma, beta) => F.batchNormalization(x, gamma, beta, { eps: 0.1 }),
  inputs: [
    [4, 2, 3],
    [2, 3],
    [2, 3],
  ],
  forward(x, gamma, beta) {
    const { mean, variance } = statistics(x, [0]);
    return normalized(x, [gamma, beta, mean, variance], [0], 0.1);
  },
});

// r and d are constants of the gradient, so that finite differences are not its oracle: only what is clipped flat is.
checkFunction({
  name: 'batchRenormalization that clips everything',
  fn: (x, gamma, beta) => {
    const like = { dtype: x.dtype };
    const running = { runningMean: np.full([3], 100, like), runningVar: np.full([3], 1e-4, like) };
    return F.batchRenormalization(x, gamma, beta, 1.5, 0.5, running);
  },
  inputs: [[6, 3], [3], [3]],
  forward(x, gamma, beta) {
    const { mean, variance } = statistics(x, [0]);
    const renormalized = filled([3], ([c]) => beta.values[c] - 0.5 * gamma.values[c]);
    return normalized(x, [filled([3], ([c]) => 1.5 * gamma.values[c]), renormalized, mean, variance], [0]);
  },
});

describe('batchRenormalization', () => {
  const x = np.array([
    [1, 10],
    [3, 30],
    [8, 50],
  ]);
  const [gamma, beta] = [np.array([2, 1]), np.array([0, 5])];
  const [mean, variance] = [
    [4, 30],
    [26 / 3, 800 / 3],
  ];

  it('inside the limits is normalization by the running statistics', () => {
    const [runningMean, runningVar] = [np.array([3, 25]), np.array([9, 300])];
    const y = F.batchRenormalization(x, gamma, beta, 3, 5, { runningMean, runningVar });
    const fixed = F.fixedBatchNormalization(x, gamma, beta, np.array([3, 25]), np.array([9, 300]));
    expect(np.absolute(y.array.sub(fixed.array)).max().item()).toBeLessThan(1e-4);
    expect(runningMean.tolist()).toEqual([3, 25]);
  });

  it('updates running statistics when asked', () => {
    const [runningMean, runningVar] = [np.array([3, 25]), np.array([9, 300])];
    F.batchRenormalization(x, gamma, beta, 3, 5, { runningMean, runningVar, decay: 0.5, updateStatistics: true });
    expect(runningMean.tolist()).toEqual([3.5, 27.5]);
    expect(runningVar.tolist()).toEqual([
      expect.closeTo(4.5 + (0.5 * variance[0] * 3) / 2, 4),
      expect.closeTo(150 + (0.5 * variance[1] * 3) / 2, 3),
    ]);
    expect(mean).toEqual([4, 30]);
  });
});

describe('running statistics', () => {
  const x = np.array([
    [1, 10],
    [3, 30],
  ]);
  const call = (decay?: number) => {
    const [runningMean, runningVar] = [np.array([0, 0]), np.array([1, 1])];
    const y = F.batchNormalization(x, np.ones([2]), np.zeros([2]), { runningMean, runningVar, decay });
    return { y, runningMean: runningMean.tolist(), runningVar: runningVar.tolist() };
  };
  const close = (...values: number[]) => values.map((v) => expect.closeTo(v, 4));

  it('take a tenth of the batch, the variance corrected by m/(m−1)', () => {
    const { runningMean, runningVar } = call();
    expect(runningMean).toEqual(close(0.2, 2));
    expect(runningVar).toEqual(close(0.9 + 0.1 * 2, 0.9 + 0.1 * 200));
  });

  it('take as much as decay leaves', () => {
    expect(call(0)).toMatchObject({ runningMean: close(2, 20), runningVar: close(2, 200) });
  });

  it('stay as they are in a second computation', () => {
    const { runningMean, runningVar } = usingConfig('inRecomputing', true, () => call());
    expect([runningMean, runningVar]).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('of one element are not corrected', () => {
    const runningVar = np.array([1]);
    const runningMean = np.array([0]);
    const y = F.batchNormalization(np.array([[7]]), np.ones([1]), np.zeros([1]), { runningMean, runningVar });
    expect([y.tolist(), runningMean.tolist(), runningVar.tolist()]).toEqual([[[0]], close(0.7), close(0.9)]);
  });
});

it('third derivatives of batchNormalization follow from x too', () => {
  // f(x) = Σ w·BN(x): along x its derivatives are those of the composition of means, differences and roots.
  const values = np.array([[1], [2], [4]], 'float64');
  const w = np.array([[1], [-1], [0.5]], 'float64');
  const one = (n: number) => np.ones([n], 'float64');
  const third = (f: (x: Variable) => Variable) => {
    const x = new Variable(np.array(values));
    const options = { enableDoubleBackprop: true };
    const first = grad([F.sum(F.mul(f(x), w))], [x], options)[0] as Variable;
    const second = grad([F.sum(F.mul(first, first))], [x], options)[0] as Variable;
    return (grad([F.sum(F.mul(second, second))], [x])[0] as Variable).array;
  };
  const got = third((x) => F.batchNormalization(x, one(1), np.zeros([1], 'float64')));
  const want = third((x) => {
    const centred = F.sub(x, F.mean(x, 0, true));
    return F.div(centred, F.sqrt(F.add(F.mean(F.square(centred), 0, true), EPS)));
  });
  expect(np.absolute(got.sub(want)).max().item()).toBeLessThan(1e-9);
});

describe('operands that do not fit are refused', () => {
  const zeros = (...shape: number[]) => np.zeros(shape);
  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['gamma', () => F.batchNormalization(zeros(4, 3), zeros(2), zeros(2)), ShapeError, 'gamma is (2,)'],
    ['beta', () => F.batchNormalization(zeros(4, 3), zeros(3), zeros(2)), ShapeError, 'beta is (2,)'],
    [
      'mean',
      () => F.fixedBatchNormalization(zeros(4, 3), zeros(3), zeros(3), zeros(4), zeros(3)),
      ShapeError,
      'mean is (4,)',
    ],
    ['axis', () => F.batchNormalization(zeros(4, 3), zeros(3), zeros(3), { axis: 2 }), ShapeError, 'axis 2'],
    ['dtype', () => F.batchNormalization(np.zeros([4, 3], 'int32'), zeros(3), zeros(3)), DTypeError, 'int32'],
    [
      'running statistics',
      () => F.batchNormalization(zeros(4, 3), zeros(3), zeros(3), { runningMean: zeros(4) }),
      ShapeError,
      'runningMean is (4,)',
    ],
  ])('%s', (_, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });
});
