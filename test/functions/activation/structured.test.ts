/** Activations that combine several elements or draw random numbers. */
import { describe, expect, it } from 'vitest';
import { F, np, ShapeError, scope, usingConfig, ValueError, Variable } from '../../../src/index.js';
import { checkFunction, type HostValues } from '../../support/function-harness.js';
import { at, build } from '../../support/host-array.js';
import { softmax } from '../../support/oracle/reductions.js';

const asHost = (x: HostValues) => ({ ...x, dtype: 'float64' as const });

describe.each<[shape: number[], axis: number]>([
  [[3, 5], 1],
  [[3, 5], 0],
  [[2, 3, 4], -1],
  [[2, 3, 2, 2], 2],
  [[0, 3], 1],
])('softmax of (%s) along %d', (shape, axis) => {
  const along = axis < 0 ? axis + shape.length : axis;
  for (const log of [false, true]) {
    checkFunction({
      name: log ? 'logSoftmax' : 'softmax',
      fn: (x) => (log ? F.logSoftmax(x, axis) : F.softmax(x, axis)),
      inputs: [shape],
      forward: (x) => softmax(asHost(x), along, log),
    });
  }
});

const maxout = (pool: number, axis: number) => (x: HostValues) =>
  build(
    x.shape.map((n, k) => (k === axis ? n / pool : n)),
    'float64',
    (index) =>
      Math.max(
        ...Array.from({ length: pool }, (_, i) =>
          at(
            asHost(x),
            index.map((j, k) => (k === axis ? j * pool + i : j)),
          ),
        ),
      ),
  );

checkFunction({ name: 'maxout', fn: (x) => F.maxout(x, 2), inputs: [[3, 6]], forward: maxout(2, 1) });
checkFunction({
  name: 'maxout of the last axis',
  fn: (x) => F.maxout(x, 3, -1),
  inputs: [[2, 1, 6]],
  forward: maxout(3, 2),
});

const crelu = (axis: number) => (x: HostValues) => {
  const half = x.shape[axis];
  const shape = x.shape.map((n, k) => (k === axis ? 2 * n : n));
  return build(shape, 'float64', (index) => {
    const lower = index[axis] >= half;
    const v = at(
      asHost(x),
      index.map((j, k) => (k === axis && lower ? j - half : j)),
    );
    return Math.max(lower ? -v : v, 0);
  });
};

checkFunction({ name: 'crelu', fn: (x) => F.crelu(x), inputs: [[3, 4]], forward: crelu(1) });
checkFunction({ name: 'crelu of axis 0', fn: (x) => F.crelu(x, 0), inputs: [[2, 1, 3]], forward: crelu(0) });
checkFunction({ name: 'crelu of axis -1', fn: (x) => F.crelu(x, -1), inputs: [[2, 1, 3]], forward: crelu(2) });

it('refuses sizes and axes that do not fit', () => {
  expect(() => F.maxout(np.ones([2, 5]), 2)).toThrow(ShapeError);
  expect(() => F.maxout(np.ones([2, 4]), 0)).toThrow(ValueError);
  expect(() => F.crelu(np.ones(3))).toThrow(ShapeError);
  expect(() => F.softmax(np.ones(3))).toThrow(ShapeError);
});

describe('rrelu', () => {
  const slopes = [0.25, 0.5, 0.75, 0.125];

  checkFunction({
    name: 'with slopes given',
    fn: (x) => F.rrelu(x, 0.1, 0.9, { r: np.array(slopes, x.dtype) }),
    inputs: [[4]],
    forward: ({ shape, values }) => ({ shape, values: values.map((v, i) => (v >= 0 ? v : v * slopes[i])) }),
  });

  it('draws slopes from [l, u), and gives them back', () =>
    scope(null, () => {
      const x = new Variable(np.full([50, 20], -1));
      const [y, r] = F.rrelu(x, 0.2, 0.4, { returnR: true });
      expect(y.neg().tolist()).toEqual(r.tolist());
      const drawn = r.dataSync();
      expect(drawn.every((v) => v >= 0.2 && v < 0.4)).toBe(true);
      expect(r.mean().item()).toBeCloseTo(0.3, 2);
      F.sum(y).backward();
      expect(x.grad?.tolist()).toEqual(r.tolist());
    }));

  it('takes the middle slope in test mode', () => {
    const y = usingConfig('train', false, () => F.rrelu(np.array([-1, 0, 2]), 0.25, 0.75));
    expect(y.tolist()).toEqual([-0.5, 0, 2]);
  });

  it('refuses bounds out of order and slopes of another shape', () => {
    const x = np.ones(3);
    expect(() => F.rrelu(x, 0.5, 0.5)).toThrow(ValueError);
    expect(() => F.rrelu(x, -0.1, 0.5)).toThrow(ValueError);
    expect(() => F.rrelu(x, 0.1, 1)).toThrow(ValueError);
    expect(() => F.rrelu(x, 0.1, 0.5, { r: np.ones(2) })).toThrow(ShapeError);
  });
});
