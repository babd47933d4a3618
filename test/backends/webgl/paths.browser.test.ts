/**
 * Kernels that only large arrays or weak devices reach: reductions in several passes, scattering by points and its
 * replacement, products in tiles of eight rows and of four, windows with more taps than there are textures.
 */
import { describe, expect, test } from 'vitest';
import type { Conv2dGeometry, Tensor } from '../../../src/backends/primitives.js';
import { createWebglBackend, type WebglBackend } from '../../../src/backends/webgl/index.js';
import { expectCloseToMagnitude, expectSame } from '../../support/closeness.js';
import { build, type HostArray, hostArray, toTypedArray } from '../../support/host-array.js';
import { unary } from '../../support/oracle/elementwise.js';
import * as movement from '../../support/oracle/movement.js';
import * as products from '../../support/oracle/products.js';
import { Samples } from '../../support/samples.js';
import { canvasWithoutExtension, canvasWithParameter } from './canvas.js';

const TOLERANCE = { float32: 2e-6, float64: 0 };

const devices: { what: string; backend: WebglBackend }[] = [
  { what: 'all that this machine has', backend: createWebglBackend() },
  {
    what: 'four textures at once',
    backend: createWebglBackend({ canvas: canvasWithParameter('MAX_DRAW_BUFFERS', 4) }),
  },
  { what: 'no float blending', backend: createWebglBackend({ canvas: canvasWithoutExtension('EXT_float_blend') }) },
];

describe.each(devices)('with $what', ({ backend }) => {
  const put = (array: HostArray): Tensor => {
    const memory = backend.alloc(array.values.length, array.dtype);
    backend.write(memory, toTypedArray(array));
    return { ...array, memory };
  };
  const get = ({ shape, dtype, memory }: Tensor): HostArray => ({
    shape,
    dtype,
    values: Float64Array.from(backend.readSync(memory)),
  });
  const absolute = (x: HostArray) => unary('absolute', x);
  const blank = (shape: readonly number[], dtype: 'float32' | 'int32' = 'float32') => put(build(shape, dtype, () => 0));

  test('a long sum, in two passes', () => {
    const values = new Samples().uniform([300_007], 'float32', 0, 1);
    const out = blank([]);
    backend.reduce('sum', put(values), [0], out);
    const want = values.values.reduce((a, b) => a + b, 0);
    expect(Math.abs(backend.readSync(out.memory)[0] / want - 1)).toBeLessThan(1e-6);
  });

  test.each([
    ['along rows', [3, 2048], 1],
    ['along odd rows', [3, 2047], 1],
    ['across columns', [2047, 8], 0],
    ['across odd columns', [2047, 3], 0],
  ] as const)('maxima %s, in two passes', (_, shape, axis) => {
    const x = new Samples().integers(shape, 'int32', -1e9, 1e9);
    const [kept, reduced] = [shape[1 - axis], shape[axis]];
    const out = blank([kept], 'int32');
    backend.reduce('max', put(x), [axis], out);
    const element = (i: number, j: number) => x.values[axis === 1 ? i * reduced + j : j * kept + i];
    const want = build([kept], 'int32', ([i]) =>
      Math.max(...Array.from({ length: reduced }, (__, j) => element(i, j))),
    );
    expectSame(get(out), want);
    const place = blank([kept], 'int32');
    backend.argReduce('argmax', put(x), axis, place);
    expectSame(
      get(place),
      build([kept], 'int32', ([i]) => {
        const column = Array.from({ length: reduced }, (__, j) => element(i, j));
        return column.indexOf(Math.max(...column));
      }),
    );
  });

  test('running sums over more than two levels', () => {
    const x = new Samples().integers([5003], 'int32', -9, 10);
    const out = blank([5003], 'int32');
    backend.cumulative('cumsum', put(x), 0, out);
    let sum = 0;
    expectSame(
      get(out),
      hostArray(
        x.values.map((v) => (sum += v)),
        [5003],
        'int32',
      ),
    );
  });

  test.each([
    ['whole texels', [9, 8]],
    ['single elements', [9, 3]],
  ] as const)('many indices, which repeat: %s', (_, shape) => {
    const samples = new Samples();
    const [before, indices] = [samples.uniform(shape), samples.integers([200], 'int32', 0, 9)];
    const x = samples.uniform([200, shape[1]]);
    const out = put(before);
    backend.scatterAdd(put(x), put(indices), 0, out);
    const want = movement.scatterAdd(x, indices, 0, before);
    const magnitude = movement.scatterAdd(absolute(x), indices, 0, absolute(before));
    expectCloseToMagnitude(get(out), want, magnitude, TOLERANCE);
  });

  test('what is added to one element leaves its neighbours alone, infinite or not', () => {
    const out = put(hostArray([1, 2, 3, 4]));
    const x = put(build([100], 'float32', ([i]) => (i === 0 ? Number.POSITIVE_INFINITY : 0)));
    backend.scatterAdd(x, put(build([100], 'int32', ([i]) => (i === 0 ? 2 : 0))), 0, out);
    expectSame(get(out), hostArray([1, 2, Number.POSITIVE_INFINITY, 4]));
  });

  const PRODUCTS = {
    'in tall tiles': { batches: 1, m: 157, k: 13, n: 1010 },
    packed: { batches: 1, m: 157, k: 27, n: 1010 },
    'packed, as thin as can be': { batches: 1, m: 24, k: 24, n: 3701 },
    'packed, batches of whole texels': { batches: 3, m: 64, k: 64, n: 256 },
  };
  const TRANSPOSITIONS = [
    { transA: false, transB: false },
    { transA: true, transB: false },
    { transA: false, transB: true },
    { transA: true, transB: true },
  ];

  describe.each(Object.entries(PRODUCTS))('a product %s', (_, { batches, m, k, n }) => {
    test.each(TRANSPOSITIONS)('%j', (options) => {
      const samples = new Samples();
      const a = samples.uniform(options.transA ? [batches, k, m] : [batches, m, k]);
      // All batches share the second matrix.
      const b = samples.uniform(options.transB ? [1, n, k] : [1, k, n]);
      const bias = samples.uniform([n]);
      const out = blank([batches, m, n]);
      backend.matmul(put(a), put(b), out, { ...options, bias: put(bias), activation: 'relu' });
      const want = products.matmul(a, b, { ...options, bias, activation: 'relu' });
      expectCloseToMagnitude(get(out), want, products.matmul(absolute(a), absolute(b), options), TOLERANCE);
    });
  });

  const CONVOLUTIONS: { what: string; x: number[]; w: number[]; out: number[]; geometry: Conv2dGeometry }[] = [
    {
      what: 'tall tiles',
      x: [2, 3, 37, 41],
      w: [11, 3, 3, 3],
      out: [2, 11, 37, 41],
      geometry: { stride: [1, 1], pad: [1, 1], dilation: [1, 1], groups: 1 },
    },
    {
      what: 'tall tiles, groups and strides',
      x: [2, 4, 70, 75],
      w: [20, 2, 3, 4],
      out: [2, 20, 35, 25],
      geometry: { stride: [2, 3], pad: [1, 2], dilation: [1, 1], groups: 2 },
    },
    {
      what: '11×11 with stride 4',
      x: [1, 3, 35, 35],
      w: [5, 3, 11, 11],
      out: [1, 5, 8, 8],
      geometry: { stride: [4, 4], pad: [2, 2], dilation: [1, 1], groups: 1 },
    },
    {
      what: '1×19, dilated',
      x: [2, 3, 2, 50],
      w: [5, 3, 1, 19],
      out: [2, 5, 2, 14],
      geometry: { stride: [1, 1], pad: [0, 0], dilation: [1, 2], groups: 1 },
    },
    {
      what: '1×1, as a packed product of whole texels',
      x: [2, 24, 32, 32],
      w: [48, 24, 1, 1],
      out: [2, 48, 32, 32],
      geometry: { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups: 1 },
    },
    {
      what: '1×1, as a packed product',
      x: [2, 27, 33, 35],
      w: [41, 27, 1, 1],
      out: [2, 41, 33, 35],
      geometry: { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups: 1 },
    },
  ];

  test.each(CONVOLUTIONS)('convolution and its adjoints: $what', ({ x: xShape, w: wShape, out: shape, geometry }) => {
    const samples = new Samples();
    const [x, w, gy] = [samples.uniform(xShape), samples.uniform(wShape), samples.uniform(shape)];
    const [y, gx, gw] = [blank(shape), blank(xShape), blank(wShape)];
    const tolerance = { float32: 5e-6, float64: 0 };

    backend.conv2d(put(x), put(w), null, geometry, y);
    const magnitude = products.conv2d(absolute(x), absolute(w), null, geometry, shape);
    expectCloseToMagnitude(get(y), products.conv2d(x, w, null, geometry, shape), magnitude, tolerance);

    backend.conv2dGradInput(put(gy), put(w), geometry, gx);
    const magnitudeX = products.conv2dGradInput(absolute(gy), absolute(w), geometry, xShape);
    expectCloseToMagnitude(get(gx), products.conv2dGradInput(gy, w, geometry, xShape), magnitudeX, tolerance);

    backend.conv2dGradWeight(put(x), put(gy), geometry, gw);
    const magnitudeW = products.conv2dGradWeight(absolute(x), absolute(gy), geometry, wShape);
    expectCloseToMagnitude(get(gw), products.conv2dGradWeight(x, gy, geometry, wShape), magnitudeW, tolerance);
  });
});
