/** Functions that draw random numbers: dropout and its relatives. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  DTypeError,
  F,
  grad,
  np,
  type RensaError,
  ShapeError,
  usingConfig,
  ValueError,
  Variable,
} from '../../../src/index.js';
import { checkFunction, type HostValues, onDefaultDevice } from '../../support/function-harness.js';
import { at, build } from '../../support/host-array.js';

const asHost = (x: HostValues) => ({ ...x, dtype: 'float64' as const });
const testMode = <T>(fn: () => T): T => usingConfig('train', false, fn);
const mean = (x: Variable) => F.mean(x).item();

beforeEach(() => np.random.seed(7));

const MASK = [2, 0, 0, 2, 2, 0];

describe('dropout', () => {
  checkFunction({
    name: 'with a given mask',
    fn: (x) => F.dropout(x, 0.5, { mask: np.array(MASK, x.dtype).reshape(2, 3) }),
    inputs: [[2, 3]],
    forward: ({ shape, values }) => ({ shape, values: values.map((v, i) => v * MASK[i]) }),
  });

  it.each(['float32', 'float64'] as const)('drops a share and scales the rest, %s', (dtype) => {
    const x = new Variable(np.ones([100, 100], dtype));
    const y = F.dropout(x, 0.25);
    const values = new Set(y.dataSync());
    const kept = dtype === 'float32' ? Math.fround(4 / 3) : 4 / 3;
    expect([...values].sort()).toEqual([0, kept]);
    expect(mean(y)).toBeGreaterThan(0.97);
    expect(mean(y)).toBeLessThan(1.03);
    // Each element passes the gradient as it passed the value.
    expect(grad([F.sum(y)], [x])[0]?.dataSync()).toEqual(y.dataSync());
  });

  it('draws anew each time, and the same after a seed', () => {
    const draw = () => F.dropout(np.ones([64])).dataSync();
    const first = draw();
    expect(draw()).not.toEqual(first);
    np.random.seed(7);
    expect(draw()).toEqual(first);
  });

  it('returns its mask, for another time', () => {
    const x = np.random.normal(0, 1, [4, 5]);
    const [y, mask] = F.dropout(x, 0.5, { returnMask: true });
    expect(F.dropout(x, 0.5, { mask }).dataSync()).toEqual(y.dataSync());
    expect(testMode(() => F.dropout(x, 0.5, { returnMask: true }))[1]).toBeNull();
  });

  it('is the identity in test mode, and drops nothing at ratio 0', () => {
    const x = new Variable(np.array([1, -2]));
    expect(testMode(() => F.dropout(x))).toBe(x);
    expect(F.dropout(x, 0).tolist()).toEqual([1, -2]);
    expect(F.dropout(np.zeros([0, 3])).shape).toEqual([0, 3]);
  });
});

const EPS = [0.5, -1, 2, 0];

describe('gaussian', () => {
  checkFunction({
    name: 'with given noise',
    fn: (m, v) => F.gaussian(m, v, { eps: np.array(EPS, m.dtype) }),
    inputs: [[4], [4]],
    forward: (m, v) => ({ shape: [4], values: m.values.map((x, i) => x + Math.exp(v.values[i] / 2) * EPS[i]) }),
  });

  it('draws with the mean and the variance asked for', () => {
    const shape = [100, 100];
    const y = F.gaussian(np.full(shape, 3), np.full(shape, Math.log(4)));
    const m = mean(y);
    expect(Math.abs(m - 3)).toBeLessThan(0.1);
    expect(Math.abs(mean(F.square(y.sub(m))) - 4)).toBeLessThan(0.2);
  });

  it('returns its noise', () => {
    const zero = np.zeros([8]);
    const [y, eps] = F.gaussian(zero, zero, { returnEps: true });
    expect(y.dataSync()).toEqual(eps.dataSync());
  });
});

describe('gumbelSoftmax', () => {
  it('gives distributions along an axis, the sharper the lower tau', () => {
    const logPi = np.zeros([50, 4]);
    for (const axis of [1, 0]) {
      const sums = F.sum(F.gumbelSoftmax(logPi, 0.5, axis), axis).dataSync();
      for (const s of sums) expect(s).toBeCloseTo(1, 5);
    }
    const sharpness = (tau: number) => mean(F.max(F.gumbelSoftmax(logPi, tau), 1));
    expect(sharpness(0.01)).toBeGreaterThan(sharpness(10));
  });

  it('chooses classes as often as their probabilities say', () => {
    const p = [0.1, 0.2, 0.7];
    const logPi = F.broadcastTo(np.array(p.map(Math.log)), [4000, 3]);
    const choices = np.argmax(F.gumbelSoftmax(logPi).array, 1).dataSync();
    p.forEach((share, c) => {
      expect(choices.filter((v) => v === c).length / 4000).toBeCloseTo(share, 1);
    });
  });

  it('passes gradients to logPi and tau', () => {
    const logPi = new Variable(np.random.normal(0, 1, [2, 3]));
    const tau = new Variable(np.array(0.7));
    const y = F.gumbelSoftmax(logPi, tau);
    const [gx, gtau] = grad([F.sum(F.square(y))], [logPi, tau]);
    expect([gx?.shape, gtau?.shape]).toEqual([[2, 3], []]);
    expect(F.gumbelSoftmax(np.zeros([])).tolist()).toBe(1);
  });
});

describe('simplifiedDropconnect', () => {
  const linear =
    (keep: (n: number, o: number, i: number) => number) => (x: HostValues, w: HostValues, b?: HostValues) =>
      build([x.shape[0], w.shape[0]], 'float64', ([n, o]) => {
        let sum = b ? b.values[o] : 0;
        const size = w.shape[1];
        for (let i = 0; i < size; i++) sum += 2 * keep(n, o, i) * at(asHost(w), [o, i]) * x.values[n * size + i];
        return sum;
      });
  const perSample = (n: number, o: number, i: number) => (n + o + i) % 2;
  const shared = (_: number, o: number, i: number) => (o + i) % 2;
  const masks = {
    perSample: np.array(build([2, 2, 4], 'float64', ([n, o, i]) => perSample(n, o, i)).values).reshape(2, 2, 4),
    shared: np.array(build([2, 4], 'float64', ([o, i]) => shared(0, o, i)).values).reshape(2, 4),
  };
  checkFunction({
    name: 'with a mask for each sample',
    fn: (x, W, b) => F.simplifiedDropconnect(x, W, b, 0.5, { mask: onDefaultDevice(masks.perSample) }),
    inputs: [[2, 4], [2, 4], [2]],
    forward: linear(perSample),
  });
  checkFunction({
    name: 'with one mask, without a bias, of images',
    fn: (x, W) => F.simplifiedDropconnect(x, W, null, 0.5, { mask: onDefaultDevice(masks.shared) }),
    inputs: [
      [2, 2, 2],
      [2, 4],
    ],
    forward: linear(shared),
  });

  it('is linear in test mode, and on average in training', () => {
    const [x, W] = [np.ones([200, 50]), np.ones([20, 50])];
    const options = { train: false };
    expect(F.simplifiedDropconnect(x, W, null, 0.5, options).dataSync()).toEqual(F.linear(x, W).dataSync());
    for (const useBatchwiseMask of [true, false]) {
      const y = F.simplifiedDropconnect(x, W, null, 0.2, { useBatchwiseMask });
      expect(Math.abs(mean(y) - 50)).toBeLessThan(1.5);
      const rows = new Set(y.at(':', 0).dataSync());
      expect(rows.size > 1).toBe(useBatchwiseMask);
    }
  });
});

describe('zoneout', () => {
  it('takes each element from one of the two, and so the gradient', () => {
    const h = new Variable(np.zeros([1000]));
    const x = new Variable(np.ones([1000]));
    const y = F.zoneout(h, x, 0.3);
    expect(Math.abs(mean(y) - 0.7)).toBeLessThan(0.05);
    const [gh, gx] = grad([F.sum(y)], [h, x]);
    expect(gx?.dataSync()).toEqual(y.dataSync());
    expect(gh?.array.add(gx?.array ?? 0).dataSync()).toEqual(np.ones([1000]).dataSync());
  });

  it('is x in test mode', () => {
    const x = new Variable(np.ones([2]));
    expect(testMode(() => F.zoneout(np.zeros([2]), x))).toBe(x);
  });
});

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 3]);
  const double = np.zeros([2, 3], 'float64');
  const W = np.zeros([4, 3]);
  it.each<[name: string, call: () => unknown, error: new (message?: string) => RensaError]>([
    ['dropout of everything', () => F.dropout(x, 1), ValueError],
    ['dropout of everything in test mode', () => testMode(() => F.dropout(x, 1)), ValueError],
    ['dropout of less than nothing', () => F.dropout(x, -0.1), ValueError],
    ['dropout of integers', () => F.dropout(np.zeros([2], 'int32')), DTypeError],
    ['dropout with a mask of another shape', () => F.dropout(x, 0.5, { mask: np.zeros([3]) }), ShapeError],
    ['dropout with a mask of another dtype', () => F.dropout(x, 0.5, { mask: double }), DTypeError],
    ['gaussian of other shapes', () => F.gaussian(x, np.zeros([3])), ShapeError],
    ['gaussian of two dtypes', () => F.gaussian(x, double), DTypeError],
    ['gumbelSoftmax along a missing axis', () => F.gumbelSoftmax(np.zeros([3])), ShapeError],
    ['gumbelSoftmax of integers', () => F.gumbelSoftmax(np.zeros([2, 2], 'int32')), DTypeError],
    ['simplifiedDropconnect of other sizes', () => F.simplifiedDropconnect(np.zeros([2, 2]), W), ShapeError],
    ['simplifiedDropconnect with another bias', () => F.simplifiedDropconnect(x, W, np.zeros([3])), ShapeError],
    [
      'simplifiedDropconnect with another mask',
      () => F.simplifiedDropconnect(x, W, null, 0.5, { mask: x }),
      ShapeError,
    ],
    ['simplifiedDropconnect of everything', () => F.simplifiedDropconnect(x, W, null, 1), ValueError],
    ['zoneout of other shapes', () => F.zoneout(x, np.zeros([3])), ShapeError],
    ['zoneout of everything', () => F.zoneout(x, x, 1), ValueError],
  ])('%s is refused', (_, call, error) => {
    expect(call).toThrow(error);
  });
});
