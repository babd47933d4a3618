/** Functions of images: patches, pixels and warps. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, np, type RensaError, ShapeError, ValueError } from '../../../src/index.js';
import { checkFunction, type HostValues } from '../../support/function-harness.js';
import { at, build } from '../../support/host-array.js';
import { moved } from '../../support/oracle/element-sources.js';

const asHost = (x: HostValues) => ({ ...x, dtype: 'float64' as const });

/** A pixel of x (N, C, H, W), 0 outside. */
function pixel(x: HostValues, n: number, c: number, i: number, j: number): number {
  const [, , h, w] = x.shape;
  return i >= 0 && i < h && j >= 0 && j < w ? at(asHost(x), [n, c, i, j]) : 0;
}

interface Patches {
  shape: number[];
  ksize: [number, number];
  stride: [number, number];
  pad: [number, number];
  dilate: [number, number];
  coverAll: boolean;
  out: [number, number];
}

const PATCHES: Patches[] = [
  { shape: [2, 2, 4, 5], ksize: [3, 2], stride: [1, 1], pad: [0, 0], dilate: [1, 1], coverAll: false, out: [2, 4] },
  { shape: [1, 2, 5, 4], ksize: [2, 3], stride: [2, 1], pad: [1, 2], dilate: [1, 1], coverAll: false, out: [3, 6] },
  { shape: [1, 1, 5, 5], ksize: [2, 2], stride: [2, 2], pad: [0, 0], dilate: [1, 1], coverAll: true, out: [3, 3] },
  { shape: [1, 1, 5, 6], ksize: [2, 2], stride: [1, 1], pad: [0, 1], dilate: [2, 3], coverAll: false, out: [3, 5] },
  { shape: [0, 2, 3, 3], ksize: [2, 2], stride: [1, 1], pad: [0, 0], dilate: [1, 1], coverAll: false, out: [2, 2] },
];

for (const { shape, ksize, stride, pad, dilate, coverAll, out } of PATCHES) {
  const [kh, kw] = ksize;
  checkFunction({
    name: `im2col of (${shape}) with ${JSON.stringify({ ksize, stride, pad, dilate, coverAll })}`,
    fn: (x) => F.im2col(x, ksize, stride, pad, { coverAll, dilate }),
    inputs: [shape],
    forward: (x) =>
      build([shape[0], shape[1] * kh * kw, ...out], 'float64', ([n, q, i, j]) => {
        const [c, p, r] = [Math.floor(q / (kh * kw)), Math.floor(q / kw) % kh, q % kw];
        return pixel(x, n, c, i * stride[0] + p * dilate[0] - pad[0], j * stride[1] + r * dilate[1] - pad[1]);
      }),
  });
}

for (const [r, c, h, w] of [
  [2, 3, 2, 1],
  [3, 1, 1, 2],
  [1, 2, 2, 2],
]) {
  checkFunction({
    name: `depth2space with r ${r}`,
    fn: (X) => F.depth2space(X, r),
    inputs: [[2, c * r * r, h, w]],
    forward: moved([2, c, h * r, w * r], ([n, k, i, j]) => [
      n,
      ((i % r) * r + (j % r)) * c + k,
      Math.floor(i / r),
      Math.floor(j / r),
    ]),
  });
  checkFunction({
    name: `space2depth with r ${r}`,
    fn: (X) => F.space2depth(X, r),
    inputs: [[2, c, h * r, w * r]],
    forward: moved([2, c * r * r, h, w], ([n, q, i, j]) => {
      const patch = Math.floor(q / c);
      return [n, q % c, i * r + Math.floor(patch / r), j * r + (patch % r)];
    }),
  });
}

/** Linear interpolation at a fractional place; beyond the last pixel the last one goes on. */
function interpolated(x: HostValues, n: number, c: number, v: number, u: number): number {
  const [, , h, w] = x.shape;
  const [i, j] = [Math.min(Math.floor(v), h - 1), Math.min(Math.floor(u), w - 1)];
  const [k, l] = [Math.min(i + 1, h - 1), Math.min(j + 1, w - 1)];
  const [dv, du] = [v - i, u - j];
  const row = (y: number) => (1 - du) * pixel(x, n, c, y, j) + du * pixel(x, n, c, y, l);
  return (1 - dv) * row(i) + dv * row(k);
}

const RESIZES: [from: number[], to: [number, number], options: F.ResizeImagesOptions][] = [
  [[1, 2, 3, 4], [6, 8], {}],
  [[2, 1, 4, 5], [7, 3], {}],
  [[1, 1, 3, 3], [1, 1], {}],
  [[1, 1, 1, 1], [2, 3], {}],
  [[1, 1, 3, 4], [3, 4], {}],
  [[1, 2, 3, 4], [6, 8], { alignCorners: false }],
  [[1, 1, 5, 4], [3, 7], { alignCorners: false }],
  [[1, 2, 3, 4], [6, 8], { mode: 'nearest' }],
  [[1, 1, 5, 4], [3, 7], { mode: 'nearest' }],
];

for (const [from, to, options] of RESIZES) {
  const place = (i: number, length: number, size: number): number => {
    if (options.mode === 'nearest') return Math.min(Math.floor((i * length) / size), length - 1);
    if (options.alignCorners === false) return Math.max(0, ((i + 0.5) * length) / size - 0.5);
    return size === 1 ? 0 : (i * (length - 1)) / (size - 1);
  };
  checkFunction({
    name: `resizeImages from (${from}) to (${to}) with ${JSON.stringify(options)}`,
    fn: (x) => F.resizeImages(x, to, options),
    inputs: [from],
    forward: (x) =>
      build([from[0], from[1], ...to], 'float64', ([n, c, i, j]) =>
        interpolated(x, n, c, place(i, from[2], to[0]), place(j, from[3], to[1])),
      ),
  });
}

checkFunction({
  name: 'spatialTransformerGrid',
  fn: (theta) => F.spatialTransformerGrid(theta, [3, 4]),
  inputs: [[2, 2, 3]],
  forward: (theta) =>
    build([2, 2, 3, 4], 'float64', ([n, k, i, j]) => {
      const point = [-1 + (2 * j) / 3, -1 + i, 1];
      return point.reduce((sum, v, m) => sum + v * at(asHost(theta), [n, k, m]), 0);
    }),
});

/** Coordinates in pixels that lie inside, outside and across the border of an image of 4 by 5, and far from any kink. */
const GRID = {
  shape: [2, 2, 2, 3],
  values: Float64Array.of(
    ...[0.3, 1.6, -0.4, 4.3, 3.7, 7.2].map((u) => (u / 4) * 2 - 1),
    ...[0.2, 2.7, 1.4, 0.6, 3.4, 1.1].map((v) => (v / 3) * 2 - 1),
    ...[-3.3, 2.2, 1.3, 0.8, 3.9, 2.6].map((u) => (u / 4) * 2 - 1),
    ...[1.7, -0.7, 2.4, 9.1, 0.1, 2.9].map((v) => (v / 3) * 2 - 1),
  ),
};

checkFunction({
  name: 'spatialTransformerSampler',
  fn: F.spatialTransformerSampler,
  inputs: [[2, 2, 4, 5], GRID],
  forward: (x, grid) =>
    build([2, 2, 2, 3], 'float64', ([n, c, i, j]) => {
      const [u, v] = [0, 1].map((k) => at(asHost(grid), [n, k, i, j]));
      const [q, p] = [((u + 1) * 4) / 2, ((v + 1) * 3) / 2];
      const [a, b] = [Math.floor(p), Math.floor(q)];
      let sum = 0;
      for (const [y, x0] of [
        [a, b],
        [a, b + 1],
        [a + 1, b],
        [a + 1, b + 1],
      ]) {
        sum += (1 - Math.abs(p - y)) * (1 - Math.abs(q - x0)) * pixel(x, n, c, y, x0);
      }
      return sum;
    }),
});

it('an identity warp gives the image back', () => {
  const x = np.random.uniform(-1, 1, [2, 3, 4, 5]);
  const theta = np.array([
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
  ]);
  const y = F.spatialTransformerSampler(x, F.spatialTransformerGrid(theta, [4, 5]));
  const difference = np.max(np.absolute(np.subtract(y.array, x)));
  expect(difference.item()).toBeLessThan(1e-5);
});

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 4, 4, 4]);
  it.each<[name: string, call: () => unknown, error: new (message?: string) => RensaError]>([
    ['im2col of a matrix', () => F.im2col(np.zeros([4, 4]), 2), ShapeError],
    ['im2col with too large a window', () => F.im2col(x, 5), ShapeError],
    ['im2col with no window', () => F.im2col(x, 0), ValueError],
    ['im2col of integers', () => F.im2col(np.zeros([1, 1, 2, 2], 'int32'), 1), DTypeError],
    ['depth2space of other channels', () => F.depth2space(x, 3), ShapeError],
    ['depth2space by a fraction', () => F.depth2space(x, 1.5), ValueError],
    ['space2depth of other sizes', () => F.space2depth(x, 3), ShapeError],
    ['space2depth by nothing', () => F.space2depth(x, 0), ValueError],
    ['resizeImages of a matrix', () => F.resizeImages(np.zeros([4, 4]), [2, 2]), ShapeError],
    ['resizeImages to nothing', () => F.resizeImages(x, [0, 2]), ValueError],
    ['resizeImages to one number', () => F.resizeImages(x, [2]), ValueError],
    ['resizeImages of no pixels', () => F.resizeImages(np.zeros([1, 1, 0, 2]), [2, 2]), ShapeError],
    ['resizeImages in another mode', () => F.resizeImages(x, [2, 2], { mode: 'cubic' as 'nearest' }), ValueError],
    ['spatialTransformerGrid of another shape', () => F.spatialTransformerGrid(np.zeros([2, 3]), [2, 2]), ShapeError],
    ['spatialTransformerGrid of size 0', () => F.spatialTransformerGrid(np.zeros([1, 2, 3]), [0, 2]), ValueError],
    ['a grid of another batch', () => F.spatialTransformerSampler(x, np.zeros([1, 2, 2, 2])), ShapeError],
    ['a grid of three coordinates', () => F.spatialTransformerSampler(x, np.zeros([2, 3, 2, 2])), ShapeError],
    ['a grid of another dtype', () => F.spatialTransformerSampler(x, np.zeros([2, 2, 2, 2], 'float64')), DTypeError],
  ])('%s is refused', (_, call, error) => {
    expect(call).toThrow(error);
  });
});
