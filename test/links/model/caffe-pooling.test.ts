/** Pooling in L.CaffeFunction. Oracle: Caffe's PoolingLayer (Reshape and Forward_cpu) as naive loops in float64. */
import { describe, expect, test } from 'vitest';
import { F, FormatError, L, np, ShapeError, Variable } from '../../../src/index.js';
import { encodeCaffemodel, type Fields } from '../../support/caffemodel.js';
import { present } from '../../support/present.js';

type Pair = readonly [number, number];
interface Windows {
  readonly ksize: Pair;
  readonly stride: Pair;
  readonly pad: Pair;
  readonly floor: boolean;
}

const [MAX, AVE] = [0, 1];
const LEAST = -3.4028234663852886e38;

function layer(pool: number, params: Fields) {
  return new L.CaffeFunction(
    encodeCaffemodel([
      { name: 'pool', type: 'Pooling', bottoms: ['x'], tops: ['y'], params: [[121, [[1, pool], ...params]]] },
    ]),
  );
}

const paramsOf = ({ ksize, stride, pad, floor }: Windows): Fields => [
  [5, ksize[0]],
  [6, ksize[1]],
  [7, stride[0]],
  [8, stride[1]],
  [9, pad[0]],
  [10, pad[1]],
  ...(floor ? ([[13, 1]] as const) : []),
];

function caffe(x: ArrayLike<number>, size: Pair, pool: number, { ksize, stride, pad, floor }: Windows) {
  const pooled = [0, 1].map((d) => {
    const steps = (size[d] + 2 * pad[d] - ksize[d]) / stride[d];
    return (floor ? Math.floor(steps) : Math.ceil(steps)) + 1;
  });
  if (pad[0] > 0 || pad[1] > 0)
    for (const d of [0, 1]) if ((pooled[d] - 1) * stride[d] >= size[d] + pad[d]) pooled[d]--;
  const out: number[] = [];
  for (let i = 0; i < pooled[0]; i++) {
    for (let j = 0; j < pooled[1]; j++) {
      const [y0, x0] = [i * stride[0] - pad[0], j * stride[1] - pad[1]];
      const [y1, x1] = [y0 + ksize[0], x0 + ksize[1]];
      const poolSize = (Math.min(y1, size[0] + pad[0]) - y0) * (Math.min(x1, size[1] + pad[1]) - x0);
      let value = pool === MAX ? LEAST : 0;
      for (let y = Math.max(y0, 0); y < Math.min(y1, size[0]); y++) {
        for (let z = Math.max(x0, 0); z < Math.min(x1, size[1]); z++) {
          const v = x[y * size[1] + z];
          value = pool === MAX ? Math.max(value, v) : value + v;
        }
      }
      out.push(pool === MAX ? value : value / poolSize);
    }
  }
  return { shape: pooled, values: out };
}

/** Values of both signs, none of them equal. */
const image = (length: number) => Float32Array.from({ length }, (_, i) => ((i * 37) % 101) / 8 - 9);

const grid: [size: Pair, windows: Windows][] = [];
for (const height of [1, 2, 3, 4, 5, 7, 8])
  for (const [k, s, p] of [
    [1, 1, 0],
    [1, 3, 0],
    [2, 1, 1],
    [2, 2, 0],
    [2, 2, 1],
    [2, 3, 0],
    [2, 3, 1],
    [3, 1, 1],
    [3, 2, 0],
    [3, 2, 1],
    [3, 3, 2],
    [4, 3, 1],
    [5, 2, 2],
  ])
    for (const floor of [false, true]) {
      const steps = (height + 2 * p - k) / s;
      if ((floor ? Math.floor(steps) : Math.ceil(steps)) < 0) continue;
      grid.push([[height, 5], { ksize: [k, 2], stride: [s, 2], pad: [p, 0], floor }]);
      grid.push([[height, 6], { ksize: [k, 3], stride: [s, 2], pad: [p, 1], floor }]);
      grid.push([[7, height], { ksize: [3, k], stride: [2, s], pad: [1, p], floor }]);
    }

describe.each([
  ['MAX', MAX],
  ['AVE', AVE],
])('%s', (_, pool) => {
  test(`${grid.length} shapes`, () => {
    for (const [size, windows] of grid) {
      const data = image(2 * size[0] * size[1]);
      const [y] = layer(pool, paramsOf(windows))({ x: np.array(data).reshape([1, 2, ...size]) }, ['y']);
      const planes = [0, 1].map((c) => caffe(data.subarray(c * size[0] * size[1]), size, pool, windows));
      const where = JSON.stringify({ size, ...windows });
      expect(y.shape, where).toEqual([1, 2, ...planes[0].shape]);
      const wanted = planes.flatMap(({ values }) => values);
      for (const [i, value] of y.array.dataSync().entries()) {
        if (Number.isNaN(wanted[i])) expect(value, where).toBeNaN();
        else expect(Math.abs(value - wanted[i]), where).toBeLessThanOrEqual(1e-6 * Math.abs(wanted[i]) + 1e-6);
      }
    }
  });

  test('gradients where windows are cut off', () => {
    for (const windows of [
      { ksize: [3, 3], stride: [2, 2], pad: [0, 1], floor: false },
      { ksize: [2, 3], stride: [2, 2], pad: [1, 0], floor: false },
    ] satisfies Windows[]) {
      const fn = layer(pool, paramsOf(windows));
      const x = new Variable(
        np
          .array(image(2 * 5 * 6))
          .reshape([1, 2, 5, 6])
          .astype('float64'),
      );
      const run = (v: Variable) => F.sum(F.square(fn({ x: v }, ['y'])[0]));
      run(x).backward();
      const at = (i: number, by: number) => {
        const moved = Float64Array.from(x.array.dataSync());
        moved[i] += by;
        return run(new Variable(np.array(moved, { dtype: 'float64' }).reshape([1, 2, 5, 6]))).array.item();
      };
      const got = present(x.grad).array.dataSync();
      for (let i = 0; i < got.length; i += 7) expect(got[i]).toBeCloseTo((at(i, 1e-5) - at(i, -1e-5)) / 2e-5, 4);
    }
  });

  test('global pooling takes the image whole', () => {
    const data = image(12);
    const [y] = layer(pool, [[12, true]])({ x: np.array(data).reshape([1, 1, 3, 4]) }, ['y']);
    const wanted = pool === MAX ? Math.max(...data) : data.reduce((a, b) => a + b) / 12;
    expect([y.shape, y.array.item()]).toEqual([[1, 1, 1, 1], expect.closeTo(wanted, 5)]);
  });

  test('refuses the nets that Caffe refuses', () => {
    expect(() =>
      layer(pool, [
        [2, 2],
        [4, 2],
      ]),
    ).toThrow(FormatError);
    expect(() =>
      layer(pool, [
        [2, 2],
        [4, 2],
      ]),
    ).toThrow(/'pool' \(Pooling\): a window \(2,2\) with a padding of \(2,2\)/);
    expect(() =>
      layer(pool, [
        [2, 5],
        [3, 1],
      ])({ x: np.ones([1, 1, 3, 3]) }, ['y']),
    ).toThrow(ShapeError);
    expect(() => layer(pool, [[2, 2]])({ x: np.ones([3, 3]) }, ['y'])).toThrow(ShapeError);
  });
});

test('Chainer’s rules are an option', () => {
  const bytes = (pool: number, params: Fields) =>
    encodeCaffemodel([
      { name: 'pool', type: 'Pooling', bottoms: ['x'], tops: ['y'], params: [[121, [[1, pool], ...params]]] },
    ]);
  const x = np.array(image(36)).reshape([1, 1, 6, 6]);
  const run = (pool: number, params: Fields) =>
    new L.CaffeFunction(bytes(pool, params), 'net', { pooling: 'chainer' })({ x }, ['y'])[0].array;
  const ragged: Fields = [
    [2, 3],
    [3, 2],
  ];
  expect(run(AVE, ragged).tolist()).toEqual(F.averagePooling2d(x, 3, 2).array.tolist());
  const clipped: Fields = [
    [2, 2],
    [3, 3],
    [4, 1],
  ];
  expect(run(MAX, clipped).shape).toEqual([1, 1, 3, 3]);
  expect(run(MAX, clipped).tolist()).toEqual(F.maxPooling2d(x, 2, 3, 1).array.tolist());
});
