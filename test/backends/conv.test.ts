/** Convolution and its two adjoints, over every kind of geometry. */
import { describe, test } from 'vitest';
import type { Activation } from '../../src/backends/ops.js';
import type { Conv2dGeometry } from '../../src/backends/primitives.js';
import { describeBackends } from '../support/backends.js';
import { expectCloseToMagnitude, type Tolerance } from '../support/closeness.js';
import type { FloatDType, HostArray } from '../support/host-array.js';
import { unary } from '../support/oracle/elementwise.js';
import * as oracle from '../support/oracle/products.js';
import { Samples } from '../support/samples.js';

/**
 * Relative to the largest Σ|x·w|. A fast algorithm that transforms its operands (Winograd) loses a digit or so against
 * plain sums.
 */
const TOLERANCE: Tolerance = { float32: 5e-6, float64: 1e-12 };

interface Case {
  readonly what: string;
  readonly x: readonly [n: number, c: number, h: number, w: number];
  readonly w: readonly [o: number, cPerGroup: number, kh: number, kw: number];
  readonly out: readonly [oh: number, ow: number];
  readonly geometry?: Partial<Conv2dGeometry>;
}

const CASES: readonly Case[] = [
  { what: '1×1, one of everything', x: [1, 1, 1, 1], w: [1, 1, 1, 1], out: [1, 1] },
  { what: '1×1', x: [2, 5, 6, 7], w: [9, 5, 1, 1], out: [6, 7] },
  { what: '1×1 with stride 2', x: [2, 5, 7, 6], w: [3, 5, 1, 1], out: [4, 3], geometry: { stride: [2, 2] } },
  { what: '3×3', x: [2, 3, 8, 9], w: [4, 3, 3, 3], out: [6, 7] },
  { what: '3×3 with pad 1', x: [1, 5, 13, 11], w: [7, 5, 3, 3], out: [13, 11], geometry: { pad: [1, 1] } },
  { what: '3×3 of many channels', x: [1, 17, 14, 14], w: [24, 17, 3, 3], out: [14, 14], geometry: { pad: [1, 1] } },
  {
    what: '3×3, larger than any tile',
    x: [2, 32, 20, 21],
    w: [40, 32, 3, 3],
    out: [20, 21],
    geometry: { pad: [1, 1] },
  },
  { what: '3×3, deep', x: [1, 130, 6, 5], w: [19, 130, 3, 3], out: [6, 5], geometry: { pad: [1, 1] } },
  { what: '1×1, deep', x: [1, 600, 5, 5], w: [18, 600, 1, 1], out: [5, 5] },
  {
    what: '3×3 with stride 2',
    x: [2, 3, 9, 8],
    w: [5, 3, 3, 3],
    out: [5, 4],
    geometry: { stride: [2, 2], pad: [1, 1] },
  },
  { what: '3×3 of an image smaller than it', x: [1, 2, 2, 1], w: [3, 2, 3, 3], out: [2, 1], geometry: { pad: [1, 1] } },
  { what: '5×5 into single pixels', x: [3, 4, 5, 5], w: [6, 4, 5, 5], out: [1, 1] },
  { what: '5×5 with pad 2', x: [1, 1, 10, 12], w: [6, 1, 5, 5], out: [10, 12], geometry: { pad: [2, 2] } },
  {
    what: '7×7 with stride 2 and pad 3',
    x: [1, 3, 15, 14],
    w: [8, 3, 7, 7],
    out: [8, 7],
    geometry: { stride: [2, 2], pad: [3, 3] },
  },
  { what: '1×5', x: [2, 3, 4, 9], w: [4, 3, 1, 5], out: [4, 9], geometry: { pad: [0, 2] } },
  { what: '4×2, even sizes', x: [1, 3, 7, 7], w: [4, 3, 4, 2], out: [5, 7], geometry: { pad: [1, 0] } },
  {
    what: 'different strides and pads',
    x: [2, 3, 9, 10],
    w: [4, 3, 3, 2],
    out: [5, 4],
    geometry: { stride: [2, 3], pad: [2, 1] },
  },
  { what: 'pad on the near side alone', x: [1, 3, 6, 6], w: [4, 3, 3, 3], out: [6, 6], geometry: { pad: [2, 2] } },
  { what: 'pad on the far side alone', x: [1, 3, 6, 6], w: [4, 3, 3, 3], out: [6, 7] },
  { what: 'windows wholly in padding', x: [1, 2, 3, 3], w: [3, 2, 2, 2], out: [8, 9], geometry: { pad: [3, 3] } },
  {
    what: 'last rows and columns that no window reaches',
    x: [1, 2, 8, 9],
    w: [3, 2, 3, 3],
    out: [2, 2],
    geometry: { stride: [3, 3] },
  },
  {
    what: 'stride larger than the kernel',
    x: [1, 2, 9, 9],
    w: [3, 2, 2, 2],
    out: [2, 3],
    geometry: { stride: [5, 3] },
  },
  { what: 'dilation', x: [2, 3, 9, 8], w: [4, 3, 3, 3], out: [5, 4], geometry: { dilation: [2, 2] } },
  {
    what: 'dilation, stride and pad',
    x: [1, 3, 11, 9],
    w: [4, 3, 3, 2],
    out: [5, 9],
    geometry: { stride: [2, 1], pad: [2, 1], dilation: [2, 2] },
  },
  { what: 'two groups', x: [2, 6, 7, 7], w: [4, 3, 3, 3], out: [7, 7], geometry: { pad: [1, 1], groups: 2 } },
  { what: 'three groups of 1×1', x: [1, 6, 5, 5], w: [9, 2, 1, 1], out: [5, 5], geometry: { groups: 3 } },
  { what: 'depthwise', x: [2, 5, 9, 8], w: [5, 1, 3, 3], out: [9, 8], geometry: { pad: [1, 1], groups: 5 } },
  {
    what: 'depthwise with stride 2',
    x: [1, 5, 9, 8],
    w: [5, 1, 3, 3],
    out: [5, 4],
    geometry: { stride: [2, 2], pad: [1, 1], groups: 5 },
  },
  { what: 'depthwise with multiplier 2', x: [1, 3, 6, 6], w: [6, 1, 3, 3], out: [4, 4], geometry: { groups: 3 } },
  {
    what: 'depthwise with dilation',
    x: [1, 3, 9, 9],
    w: [3, 1, 3, 3],
    out: [9, 9],
    geometry: { pad: [2, 2], dilation: [2, 2], groups: 3 },
  },
  {
    what: 'depthwise 5×5 with stride 2 and multiplier 2',
    x: [2, 2, 21, 19],
    w: [4, 1, 5, 5],
    out: [11, 10],
    geometry: { stride: [2, 2], pad: [2, 2], groups: 2 },
  },
  {
    what: 'depthwise with strides 3 and 2, dilations 1 and 3',
    x: [2, 3, 20, 23],
    w: [3, 1, 3, 2],
    out: [7, 12],
    geometry: { stride: [3, 2], pad: [1, 2], dilation: [1, 3], groups: 3 },
  },
  {
    what: 'depthwise that reaches neither all of the image nor all of the padding',
    x: [1, 2, 13, 40],
    w: [2, 1, 3, 3],
    out: [4, 17],
    geometry: { stride: [2, 2], pad: [4, 3], groups: 2 },
  },
  {
    what: 'depthwise of wide planes',
    x: [1, 2, 17, 70],
    w: [2, 1, 3, 3],
    out: [17, 70],
    geometry: { pad: [1, 1], groups: 2 },
  },
  { what: 'no images', x: [0, 3, 5, 5], w: [4, 3, 3, 3], out: [3, 3] },
  { what: 'no output', x: [1, 3, 5, 5], w: [4, 3, 3, 3], out: [0, 3] },
];

const geometryOf = ({
  stride = [1, 1],
  pad = [0, 0],
  dilation = [1, 1],
  groups = 1,
}: Partial<Conv2dGeometry> = {}) => ({
  stride,
  pad,
  dilation,
  groups,
});

const absolute = (x: HostArray) => unary('absolute', x);

describeBackends('conv2d', (subject) => {
  const { backend } = subject;

  function expectConvolution(
    { x: xShape, w: wShape, out: [oh, ow], geometry: given }: Case,
    dtype: FloatDType,
    activation?: Activation,
    withResidual = false,
  ) {
    const samples = new Samples();
    const geometry = geometryOf(given);
    const shape = [xShape[0], wShape[0], oh, ow];
    const [x, w] = [samples.uniform(xShape, dtype), samples.uniform(wShape, dtype)];
    const bias = activation ? samples.uniform([wShape[0]], dtype) : null;
    const residual = withResidual ? samples.uniform(shape, dtype) : null;
    const want = oracle.conv2d(x, w, bias, geometry, shape, { activation, residual });
    const got = subject.result(want, (out) =>
      backend.conv2d(subject.put(x), subject.put(w), bias && subject.put(bias), geometry, out, {
        activation,
        residual: residual && subject.put(residual),
      }),
    );
    const magnitude = oracle.conv2d(absolute(x), absolute(w), bias && absolute(bias), geometry, shape, {
      residual: residual && absolute(residual),
    });
    expectCloseToMagnitude(got, want, magnitude, TOLERANCE);
  }

  describe.each(subject.floats)('%s', (dtype) => {
    test.each(CASES)('$what', (example) => {
      expectConvolution(example, dtype);
      expectConvolution(example, dtype, 'relu');
    });

    test.each(CASES)('$what, a residual added before the activation', (example) => {
      expectConvolution(example, dtype, 'relu', true);
    });

    test.each(['none', 'sigmoid', 'tanh'] as const)('bias and activation %s', (activation) => {
      for (const what of ['1×1', '3×3 with pad 1', '7×7 with stride 2 and pad 3', 'two groups', 'depthwise']) {
        for (const example of CASES.filter((one) => one.what === what)) expectConvolution(example, dtype, activation);
      }
    });
  });
});

describeBackends('conv2dGradInput', (subject) => {
  const { backend } = subject;

  describe.each(subject.floats)('%s', (dtype) => {
    test.each(CASES)('$what', ({ x: shape, w: wShape, out: [oh, ow], geometry: given }) => {
      const samples = new Samples();
      const geometry = geometryOf(given);
      const [gy, w] = [samples.uniform([shape[0], wShape[0], oh, ow], dtype), samples.uniform(wShape, dtype)];
      const want = oracle.conv2dGradInput(gy, w, geometry, shape);
      const got = subject.result(want, (out) =>
        backend.conv2dGradInput(subject.put(gy), subject.put(w), geometry, out),
      );
      expectCloseToMagnitude(got, want, oracle.conv2dGradInput(absolute(gy), absolute(w), geometry, shape), TOLERANCE);
    });
  });
});

describeBackends('conv2dGradWeight', (subject) => {
  const { backend } = subject;

  describe.each(subject.floats)('%s', (dtype) => {
    test.each(CASES)('$what', ({ x: xShape, w: shape, out: [oh, ow], geometry: given }) => {
      const samples = new Samples();
      const geometry = geometryOf(given);
      const [x, gy] = [samples.uniform(xShape, dtype), samples.uniform([xShape[0], shape[0], oh, ow], dtype)];
      const want = oracle.conv2dGradWeight(x, gy, geometry, shape);
      const got = subject.result(want, (out) =>
        backend.conv2dGradWeight(subject.put(x), subject.put(gy), geometry, out),
      );
      expectCloseToMagnitude(got, want, oracle.conv2dGradWeight(absolute(x), absolute(gy), geometry, shape), TOLERANCE);
    });
  });
});
