/**
 * Forces each algorithm of convolution in turn. It computes the shapes that it can, other algorithms the rest, all
 * correctly.
 */
import { afterEach, describe, expect, test } from 'vitest';
import {
  CONVOLUTION_ALGORITHMS,
  type ConvolutionAlgorithm,
  chooseAlgorithm,
  DIRECTIONS,
} from '../../../src/backends/wasm/conv/algorithms.js';
import { shapeOf } from '../../../src/backends/wasm/conv/shape.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { bestVariant } from '../../../src/backends/wasm/loader.js';
import { Machine } from '../../../src/backends/wasm/machine.js';
import { Subject } from '../../support/backends.js';
import { expectCloseToMagnitude } from '../../support/closeness.js';
import type { HostArray } from '../../support/host-array.js';
import { unary } from '../../support/oracle/elementwise.js';
import * as oracle from '../../support/oracle/products.js';
import { Samples } from '../../support/samples.js';

/** Relative to the largest Σ|x·w|: what F(6×6) keeps. */
const TOLERANCE = { float32: 3e-5, float64: 0 };

const WINOGRAD: readonly ConvolutionAlgorithm[] = ['winograd2', 'winograd4', 'winograd6'];

/** Shapes, and the algorithms that apply to them beside im2col. */
const CASES: readonly {
  what: string;
  x: readonly number[];
  w: readonly number[];
  y: readonly number[];
  groups?: number;
  applies: readonly ConvolutionAlgorithm[];
}[] = [
  { what: 'a filter over the whole image', x: [3, 4, 5, 2], w: [7, 4, 5, 2], y: [3, 7, 1, 1], applies: ['product'] },
  {
    what: '3×3, an image as large',
    x: [2, 3, 3, 3],
    w: [5, 3, 3, 3],
    y: [2, 5, 1, 1],
    applies: ['product', ...WINOGRAD],
  },
  { what: 'depthwise', x: [2, 6, 7, 9], w: [6, 1, 3, 2], y: [2, 6, 5, 8], groups: 6, applies: ['depthwise'] },
  { what: '3×3', x: [1, 3, 9, 8], w: [4, 3, 3, 3], y: [1, 4, 7, 6], applies: WINOGRAD },
  { what: '1×1', x: [2, 5, 6, 7], w: [9, 5, 1, 1], y: [2, 9, 6, 7], applies: [] },
];

const absolute = (x: HostArray) => unary('absolute', x);

describe.each(CONVOLUTION_ALGORITHMS)('%s', (convolution) => {
  const backend = createWasmBackend(bestVariant(), { convolution });
  const subject = new Subject(backend);
  const { blocking } = new Machine(bestVariant());
  afterEach(() => {
    subject.release();
    expect(backend.stats().blocks, 'blocks left').toBe(0);
  });

  test.each(CASES)('$what', ({ x: xShape, w: wShape, y: yShape, groups = 1, applies }) => {
    const samples = new Samples();
    const [x, w, gy] = [xShape, wShape, yShape].map((shape) => samples.uniform(shape, 'float32'));
    const geometry = { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups } as const;
    const put = (array: HostArray) => subject.put(array);

    const shape = shapeOf(put(x), put(w), geometry, put(gy));
    const possible: readonly ConvolutionAlgorithm[] = ['im2col', ...applies];
    for (const [direction, algorithms] of Object.entries(DIRECTIONS)) {
      const chosen = chooseAlgorithm(algorithms, shape, blocking, convolution).name;
      const exists = algorithms.some(({ name }) => name === convolution);
      if (exists && possible.includes(convolution)) expect(chosen, direction).toBe(convolution);
      else expect(possible, direction).toContain(chosen);
    }

    const results = [
      {
        want: oracle.conv2d(x, w, null, geometry, gy.shape),
        magnitude: oracle.conv2d(absolute(x), absolute(w), null, geometry, gy.shape),
        run: (out: ReturnType<typeof put>) => backend.conv2d(put(x), put(w), null, geometry, out),
      },
      {
        want: oracle.conv2dGradInput(gy, w, geometry, x.shape),
        magnitude: oracle.conv2dGradInput(absolute(gy), absolute(w), geometry, x.shape),
        run: (out: ReturnType<typeof put>) => backend.conv2dGradInput(put(gy), put(w), geometry, out),
      },
      {
        want: oracle.conv2dGradWeight(x, gy, geometry, w.shape),
        magnitude: oracle.conv2dGradWeight(absolute(x), absolute(gy), geometry, w.shape),
        run: (out: ReturnType<typeof put>) => backend.conv2dGradWeight(put(x), put(gy), geometry, out),
      },
    ];
    for (const { want, magnitude, run } of results) {
      expectCloseToMagnitude(subject.result(want, run), want, magnitude, TOLERANCE);
    }
  });
});
