/** Pooling and its adjoints: overlapping windows, gaps, padding, ties. */
import { describe, expect, test } from 'vitest';
import type { Pool2dGeometry } from '../../src/backends/primitives.js';
import { DTypeError } from '../../src/errors.js';
import { describeBackends } from '../support/backends.js';
import { expectClose, expectSame, type Tolerance } from '../support/closeness.js';
import { build, type HostArray, hostArray } from '../support/host-array.js';
import * as oracle from '../support/oracle/pooling.js';
import { Samples } from '../support/samples.js';

/** Errors of sums over a window, in any order. Maxima are exact. */
const TOLERANCE: Tolerance = { float32: 1e-6, float64: 1e-14 };

interface Case {
  readonly what: string;
  readonly x: readonly [n: number, c: number, h: number, w: number];
  readonly out: readonly [oh: number, ow: number];
  readonly geometry: Pool2dGeometry;
}

const CASES: readonly Case[] = [
  { what: '1×1', x: [2, 3, 4, 5], out: [4, 5], geometry: { ksize: [1, 1], stride: [1, 1], pad: [0, 0] } },
  { what: '2×2, side by side', x: [2, 3, 6, 8], out: [3, 4], geometry: { ksize: [2, 2], stride: [2, 2], pad: [0, 0] } },
  {
    what: '2×2, covering an odd image',
    x: [2, 3, 7, 5],
    out: [4, 3],
    geometry: { ksize: [2, 2], stride: [2, 2], pad: [0, 0] },
  },
  {
    what: '2×2, leaving out an odd edge',
    x: [1, 3, 7, 5],
    out: [3, 2],
    geometry: { ksize: [2, 2], stride: [2, 2], pad: [0, 0] },
  },
  {
    what: '3×3 with stride 2, overlapping',
    x: [2, 3, 9, 8],
    out: [4, 4],
    geometry: { ksize: [3, 3], stride: [2, 2], pad: [0, 0] },
  },
  {
    what: '3×3 with stride 2 and pad 1',
    x: [1, 5, 9, 8],
    out: [5, 4],
    geometry: { ksize: [3, 3], stride: [2, 2], pad: [1, 1] },
  },
  {
    what: '3×3 with stride 1 and pad 1',
    x: [1, 2, 5, 6],
    out: [5, 6],
    geometry: { ksize: [3, 3], stride: [1, 1], pad: [1, 1] },
  },
  {
    what: '2×3 with different strides and pads',
    x: [1, 2, 9, 10],
    out: [4, 6],
    geometry: { ksize: [2, 3], stride: [3, 2], pad: [1, 2] },
  },
  {
    what: 'gaps between windows',
    x: [1, 2, 9, 9],
    out: [3, 2],
    geometry: { ksize: [2, 2], stride: [3, 5], pad: [0, 0] },
  },
  { what: 'the whole image', x: [2, 3, 5, 7], out: [1, 1], geometry: { ksize: [5, 7], stride: [5, 7], pad: [0, 0] } },
  {
    what: 'windows wholly in padding',
    x: [1, 2, 3, 4],
    out: [5, 6],
    geometry: { ksize: [2, 2], stride: [2, 2], pad: [3, 4] },
  },
  {
    what: 'a window larger than the image',
    x: [1, 2, 2, 3],
    out: [2, 2],
    geometry: { ksize: [4, 5], stride: [1, 1], pad: [1, 1] },
  },
  {
    what: '3×3 with stride 2 and pad 1, of a wide image',
    x: [2, 3, 17, 31],
    out: [9, 16],
    geometry: { ksize: [3, 3], stride: [2, 2], pad: [1, 1] },
  },
  {
    what: '3×3 with stride 1 and pad 1, of a wide image',
    x: [1, 3, 9, 22],
    out: [9, 22],
    geometry: { ksize: [3, 3], stride: [1, 1], pad: [1, 1] },
  },
  {
    what: '5×4 with stride 1 and no pad, of a wide image',
    x: [1, 2, 11, 21],
    out: [7, 18],
    geometry: { ksize: [5, 4], stride: [1, 1], pad: [0, 0] },
  },
  {
    what: '2×2 with stride 2 and a pad, of a wide image',
    x: [1, 2, 15, 24],
    out: [8, 13],
    geometry: { ksize: [2, 2], stride: [2, 2], pad: [1, 1] },
  },
  { what: 'no images', x: [0, 3, 4, 4], out: [2, 2], geometry: { ksize: [2, 2], stride: [2, 2], pad: [0, 0] } },
];

const outputOf = ({ x: [n, c], out }: Case) => [n, c, ...out];

describeBackends('maxPool2d', (subject) => {
  const { backend } = subject;

  function expectMaxima(x: HostArray, geometry: Pool2dGeometry, shape: readonly number[]) {
    const want = oracle.maxPool2d(x, geometry, shape);
    const [y, indices] = [subject.blank(shape, x.dtype), subject.blank(shape, 'int32')];
    backend.maxPool2d(subject.put(x), geometry, y, indices);
    expectSame(subject.get(y), want.y);
    expectSame(subject.get(indices), want.indices);
  }

  describe.each(subject.floats)('%s', (dtype) => {
    test.each(CASES)('$what', (example) => {
      expectMaxima(new Samples().uniform(example.x, dtype), example.geometry, outputOf(example));
    });

    test.each(CASES)('the first of ties: $what', (example) => {
      expectMaxima(new Samples().integers(example.x, dtype, 0, 3), example.geometry, outputOf(example));
    });

    test.each(CASES)('the first NaN of a window: $what', (example) => {
      const x = new Samples().integers(example.x, dtype, 0, 9);
      expectMaxima(
        { ...x, values: x.values.map((v) => (v === 3 ? Number.NaN : v)) },
        example.geometry,
        outputOf(example),
      );
    });

    test.each(CASES)('padding does not win over negative numbers: $what', (example) => {
      expectMaxima(new Samples().uniform(example.x, dtype, -9, -5), example.geometry, outputOf(example));
    });
  });
});

describeBackends('maxPool2d of whole numbers', (subject) => {
  const { backend } = subject;

  /** Numbers that float32 does not tell apart, and bytes whose bits would be denormal floats. */
  const VALUES = {
    int32: [16777216, 16777217, -16777217, -(2 ** 31), 2 ** 31 - 1, 0, -1],
    uint8: [0, 1, 127, 128, 255, 7],
    bool: [0, 1],
  };

  describe.each(['int32', 'uint8', 'bool'] as const)('%s', (dtype) => {
    const within = CASES.filter(({ what }) => what !== 'windows wholly in padding');

    test.each(within)('$what', ({ x: shape, geometry, out }) => {
      const picked = new Samples().integers(shape, 'int32', 0, VALUES[dtype].length);
      const x = hostArray(
        picked.values.map((i) => VALUES[dtype][i]),
        shape,
        dtype,
      );
      const pooled = [shape[0], shape[1], ...out];
      const want = oracle.maxPool2d(x, geometry, pooled);
      const [y, indices] = [subject.blank(pooled, dtype), subject.blank(pooled, 'int32')];
      backend.maxPool2d(subject.put(x), geometry, y, indices);
      expectSame(subject.get(y), want.y);
      expectSame(subject.get(indices), want.indices);
    });

    test('other primitives of floats refuse them', () => {
      const geometry: Pool2dGeometry = { ksize: [2, 2], stride: [2, 2], pad: [0, 0] };
      const [image, pooled] = [subject.blank([1, 1, 4, 4], dtype), subject.blank([1, 1, 2, 2], dtype)];
      const [places, filter] = [subject.blank([1, 1, 2, 2], 'int32'), subject.blank([1, 1, 1, 1], dtype)];
      const [other, result] = [subject.blank([1, 1, 4, 4], dtype), subject.blank([1, 1, 4, 4], dtype)];
      const sums = [subject.blank([1, 1, 1, 1], dtype), subject.blank([1, 1, 1, 1], dtype)] as const;
      const windows = { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups: 1 } as const;
      const calls = [
        () => backend.averagePool2d(image, geometry, pooled),
        () => backend.averagePool2dGrad(pooled, geometry, image),
        () => backend.maxPool2dGrad(pooled, places, geometry, image),
        () => backend.maxPool2dGather(image, places, geometry, pooled),
        () => backend.conv2d(image, filter, null, windows, result),
        () => backend.conv2dGradInput(image, filter, windows, result),
        () => backend.conv2dGradWeight(image, other, windows, filter),
        () => backend.softmax(image, 1, false, result),
        () => backend.moments(image, [0, 1, 2, 3], ...sums),
        () => backend.comoments(image, filter, other, [0, 1, 2, 3], ...sums),
        () => backend.affine(image, { center: filter, scale: filter, shift: filter }, null, result),
        () => backend.random('uniform', 1, 2, image),
        () => backend.update('sgd', image, other, [], [0.1]),
      ];
      for (const call of calls) {
        expect(call).toThrow(DTypeError);
        // Checked mode also says which operand it is.
        expect(call).toThrow(
          new RegExp(`expected float32 or float64, got ${dtype}|is ${dtype} .*expected float32 or float64`),
        );
      }
    });
  });
});

describeBackends('maxPool2dGrad and maxPool2dGather', (subject) => {
  const { backend } = subject;

  describe.each(subject.floats)('%s', (dtype) => {
    test.each(CASES)('$what', (example) => {
      const { x: shape, geometry } = example;
      const samples = new Samples();
      const x = samples.integers(shape, dtype, 0, 4);
      const { indices } = oracle.maxPool2d(x, geometry, outputOf(example));
      const [gy, places] = [samples.uniform(outputOf(example), dtype), subject.put(indices)];

      const gradient = oracle.maxPool2dGrad(gy, indices, geometry, shape);
      expectClose(
        subject.result(gradient, (out) => backend.maxPool2dGrad(subject.put(gy), places, geometry, out)),
        gradient,
        TOLERANCE,
      );

      const gathered = oracle.maxPool2dGather(x, indices, geometry);
      expectSame(
        subject.result(gathered, (out) => backend.maxPool2dGather(subject.put(x), places, geometry, out)),
        gathered,
      );
    });

    test('places that lie in padding are dropped, and read as 0', () => {
      const geometry: Pool2dGeometry = { ksize: [3, 3], stride: [2, 2], pad: [1, 1] };
      const x = new Samples().uniform([1, 2, 4, 4], dtype);
      const gy = new Samples(2).uniform([1, 2, 3, 3], dtype);
      const indices = build([1, 2, 3, 3], 'int32', ([, c, i, j]) => (c + 3 * i + j) % 9);
      const places = subject.put(indices);

      const gradient = oracle.maxPool2dGrad(gy, indices, geometry, x.shape);
      expectClose(
        subject.result(gradient, (out) => backend.maxPool2dGrad(subject.put(gy), places, geometry, out)),
        gradient,
        TOLERANCE,
      );
      const gathered = oracle.maxPool2dGather(x, indices, geometry);
      expectSame(
        subject.result(gathered, (out) => backend.maxPool2dGather(subject.put(x), places, geometry, out)),
        gathered,
      );
    });
  });
});

describeBackends('averagePool2d and its adjoint', (subject) => {
  const { backend } = subject;

  describe.each(subject.floats)('%s', (dtype) => {
    test.each(CASES)('$what', (example) => {
      const { x: shape, geometry } = example;
      const samples = new Samples();

      const x = samples.uniform(shape, dtype);
      const mean = oracle.averagePool2d(x, geometry, outputOf(example));
      expectClose(
        subject.result(mean, (out) => backend.averagePool2d(subject.put(x), geometry, out)),
        mean,
        TOLERANCE,
      );

      const gy = samples.uniform(outputOf(example), dtype);
      const gradient = oracle.averagePool2dGrad(gy, geometry, shape);
      expectClose(
        subject.result(gradient, (out) => backend.averagePool2dGrad(subject.put(gy), geometry, out)),
        gradient,
        TOLERANCE,
      );
    });

    test('an infinite element stays in its windows', () => {
      const geometry: Pool2dGeometry = { ksize: [2, 2], stride: [1, 1], pad: [0, 0] };
      const x = hostArray([Number.POSITIVE_INFINITY, 1, 2, 3, 4, 5], [1, 1, 2, 3], dtype);
      const want = oracle.averagePool2d(x, geometry, [1, 1, 1, 2]);
      expectSame(
        subject.result(want, (out) => backend.averagePool2d(subject.put(x), geometry, out)),
        want,
      );
    });
  });
});
