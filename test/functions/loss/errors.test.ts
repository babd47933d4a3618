/** Losses made of differences between predictions and targets. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, grad, np, type RensaError, ShapeError, ValueError, Variable } from '../../../src/index.js';
import { checkFunction, type HostValues } from '../../support/function-harness.js';
import { ofBroadcast } from '../../support/oracle/element-functions.js';
import { reduce } from '../../support/oracle/reductions.js';

const asHost = (x: HostValues) => ({ ...x, dtype: 'float64' as const });
const mean = ({ values }: HostValues): HostValues => ({
  shape: [],
  values: Float64Array.of(values.reduce((a, b) => a + b, 0) / values.length),
});

const absolute = ofBroadcast((a, b) => Math.abs(a - b));
const squared = ofBroadcast((a, b) => (a - b) ** 2);
const huber = (delta: number) =>
  ofBroadcast((a, b) => {
    const d = Math.abs(a - b);
    return d <= delta ? d ** 2 / 2 : delta * (d - delta / 2);
  });

for (const shape of [[3, 4], [2, 3, 2, 2], [5], [], [0, 3]]) {
  const inputs = [shape, shape];
  checkFunction({ name: `absoluteError of (${shape})`, fn: F.absoluteError, inputs, forward: absolute });
  checkFunction({ name: `squaredError of (${shape})`, fn: F.squaredError, inputs, forward: squared });
  checkFunction({ name: `squaredDifference of (${shape})`, fn: F.squaredDifference, inputs, forward: squared });
  checkFunction({
    name: `huberLoss of each element of (${shape})`,
    fn: (x, t) => F.huberLoss(x, t, 0.7, { reduce: 'no' }),
    inputs,
    forward: huber(0.7),
  });
  if (shape.includes(0)) continue;
  checkFunction({
    name: `meanSquaredError of (${shape})`,
    fn: F.meanSquaredError,
    inputs,
    forward: (x, t) => mean(squared(x, t)),
  });
  checkFunction({
    name: `meanAbsoluteError of (${shape})`,
    fn: F.meanAbsoluteError,
    inputs,
    forward: (x, t) => mean(absolute(x, t)),
  });
  if (shape.length < 2) continue;
  checkFunction({
    name: `huberLoss of (${shape})`,
    fn: (x, t) => F.huberLoss(x, t, 1),
    inputs,
    forward: (x, t) => reduce('sum', asHost(huber(1)(x, t)), [1], false),
  });
}

describe('at kinks', () => {
  const gradientAt = (fn: (x: Variable, t: np.NDArray) => Variable, a: number[]) => {
    const x = new Variable(np.array([a]));
    return grad([F.sum(fn(x, np.zerosLike(x.array)))], [x])[0]?.tolist();
  };

  it('the gradient of absolute errors is 0 at 0', () => {
    expect(gradientAt(F.absoluteError, [-2, 0, 3])).toEqual([[-1, 0, 1]]);
    expect(gradientAt(F.meanAbsoluteError, [0])).toEqual([[0]]);
  });

  it('the gradient of huberLoss is the error, limited to delta', () => {
    expect(gradientAt((x, t) => F.huberLoss(x, t, 1), [-3, -1, -0.5, 0, 1, 2])).toEqual([[-1, -1, -0.5, 0, 1, 1]]);
  });
});

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 3]);
  it.each<[name: string, fn: (x: np.NDArray, t: np.NDArray) => Variable]>([
    ['absoluteError', F.absoluteError],
    ['squaredError', F.squaredError],
    ['squaredDifference', F.squaredDifference],
    ['meanSquaredError', F.meanSquaredError],
    ['meanAbsoluteError', F.meanAbsoluteError],
    ['huberLoss', (a, b) => F.huberLoss(a, b, 1)],
  ])('%s broadcasts nothing and casts nothing', (_, fn) => {
    expect(() => fn(x, np.zeros([3]))).toThrow(ShapeError);
    expect(() => fn(x, np.zeros([2, 3], 'float64'))).toThrow(DTypeError);
    expect(() => fn(np.zeros([2], 'int32'), np.zeros([2], 'int32'))).toThrow(DTypeError);
  });

  it.each<[name: string, call: () => unknown, error: new (message?: string) => RensaError]>([
    ['huberLoss of a vector', () => F.huberLoss(np.zeros([3]), np.zeros([3]), 1), ShapeError],
    ['huberLoss without a delta', () => F.huberLoss(x, x, 0), ValueError],
    ['huberLoss with another reduction', () => F.huberLoss(x, x, 1, { reduce: 'mean' as 'no' }), ValueError],
  ])('%s is refused', (_, call, error) => {
    expect(call).toThrow(error);
  });
});
