/** Products prepared for constant weights, in each format that weights can be kept in. */
import { describe, expect, test } from 'vitest';
import type { PreparedCall, WeightFormat } from '../../src/backends/backend.js';
import type { Activation } from '../../src/backends/ops.js';
import type { Conv2dGeometry, Tensor } from '../../src/backends/primitives.js';
import { MemoryError } from '../../src/errors.js';
import { describeBackends } from '../support/backends.js';
import { expectCloseToMagnitude, type Tolerance } from '../support/closeness.js';
import { type HostArray, hostArray } from '../support/host-array.js';
import { unary } from '../support/oracle/elementwise.js';
import * as oracle from '../support/oracle/products.js';
import { kept } from '../support/oracle/weights.js';
import { Samples } from '../support/samples.js';

/** Relative to the largest Σ|x·w|: what the kernels are allowed that are not prepared. */
const TOLERANCE: Tolerance = { float32: 5e-6, float64: 1e-12 };

const FORMATS: readonly WeightFormat[] = ['float32', 'float16', 'int8'];

/** M, K, N: vectors, ragged tiles, several blocks each way. */
const SIZES: readonly (readonly [batch: number, m: number, k: number, n: number])[] = [
  [1, 1, 7, 5],
  [1, 1, 333, 41],
  [1, 4, 9, 1],
  [1, 3, 10, 19],
  [3, 5, 33, 8],
  [1, 17, 650, 131],
  [1, 9, 1030, 35],
  [1, 170, 21, 77],
  [1, 2, 5, 1100],
  [1, 120, 133, 170],
  [1, 0, 3, 4],
  [1, 3, 0, 4],
];

interface Case {
  readonly what: string;
  readonly x: readonly [n: number, c: number, h: number, w: number];
  readonly w: readonly [o: number, cPerGroup: number, kh: number, kw: number];
  readonly out: readonly [oh: number, ow: number];
  readonly geometry?: Partial<Conv2dGeometry>;
}

const CASES: readonly Case[] = [
  { what: '1×1', x: [1, 33, 9, 7], w: [23, 33, 1, 1], out: [9, 7] },
  { what: '1×1 of a large image', x: [2, 40, 23, 24], w: [41, 40, 1, 1], out: [23, 24] },
  { what: '1×1 with stride 2', x: [2, 5, 7, 6], w: [3, 5, 1, 1], out: [4, 3], geometry: { stride: [2, 2] } },
  { what: '1×1, deep, many outputs', x: [1, 400, 3, 5], w: [203, 400, 1, 1], out: [3, 5] },
  { what: '3×3 of several images', x: [3, 6, 5, 6], w: [11, 6, 3, 3], out: [5, 6], geometry: { pad: [1, 1] } },
  {
    what: '7×7 with stride 2',
    x: [1, 3, 19, 14],
    w: [9, 3, 7, 7],
    out: [10, 7],
    geometry: { stride: [2, 2], pad: [3, 3] },
  },
  { what: '5×5 into single pixels', x: [3, 4, 5, 5], w: [6, 4, 5, 5], out: [1, 1] },
  { what: 'two groups', x: [2, 6, 7, 7], w: [14, 3, 3, 3], out: [7, 7], geometry: { pad: [1, 1], groups: 2 } },
  { what: 'depthwise', x: [2, 5, 9, 8], w: [5, 1, 3, 3], out: [9, 8], geometry: { pad: [1, 1], groups: 5 } },
  { what: 'no output', x: [1, 3, 5, 5], w: [4, 3, 3, 3], out: [0, 3] },
];

const absolute = (x: HostArray) => unary('absolute', x);

describeBackends('prepared calls', (subject) => {
  const { backend } = subject;

  /** A tensor whose memory may be exchanged. */
  const movable = ({ shape, dtype, memory }: Tensor) => ({ shape, dtype, memory });

  /** What a call does not read may be freed: here it becomes useless. */
  function spoilUnread({ readsWeight, readsBias }: PreparedCall, weight: Tensor, bias: Tensor | null) {
    for (const [tensor, isRead] of [
      [weight, readsWeight],
      [bias, readsBias],
    ] as const)
      if (tensor && !isRead) backend.write(tensor.memory, new Float32Array(tensor.memory.size).fill(Number.NaN));
  }

  /** Runs a call, then again with operands elsewhere, and frees it. */
  function expectRuns(
    prepare: (x: Tensor, out: Tensor, residual: Tensor | null) => PreparedCall,
    x: HostArray,
    residual: HostArray | null,
    want: HostArray,
    magnitude: HostArray,
  ): PreparedCall {
    const operand = movable(subject.put(x));
    const out = movable(subject.blank(want.shape, want.dtype));
    const added = residual && movable(subject.put(residual));
    const call = prepare(operand, out, added);
    call.run();
    expectCloseToMagnitude(subject.get(out), want, magnitude, TOLERANCE);

    operand.memory = subject.put(x).memory;
    out.memory = subject.blank(want.shape, want.dtype).memory;
    if (added && residual) added.memory = subject.put(residual).memory;
    // The operands may have taken what the first run had borrowed.
    call.run();
    const before = backend.stats();
    call.run();
    expect(backend.stats()).toEqual(before);
    expectCloseToMagnitude(subject.get(out), want, magnitude, TOLERANCE);
    call.free();
    return call;
  }

  describe.runIf(backend.prepareMatmul)('matmul', () => {
    function expectProduct(
      [batch, m, k, n]: (typeof SIZES)[number],
      transB: boolean,
      format: WeightFormat,
      activation: Activation = 'none',
      withResidual = false,
    ) {
      const samples = new Samples(m + 3 * k + 7 * n);
      const a = samples.uniform([batch, m, k], 'float32');
      const b = samples.uniform(transB ? [1, n, k] : [1, k, n], 'float32');
      const bias = activation === 'none' ? null : samples.uniform([n], 'float32');
      const residual = withResidual ? samples.uniform([batch, m, n], 'float32') : null;
      const rounded = n === 1 ? b : kept(b, format, (place) => (transB ? Math.floor(place / k) : place % n));
      const want = oracle.matmul(a, rounded, { transB, bias, activation, residual });
      const magnitude = oracle.matmul(absolute(a), absolute(rounded), {
        transB,
        bias: bias && absolute(bias),
        residual: residual && absolute(residual),
      });
      expectRuns(
        (x, out, added) => {
          const weight = subject.put(b);
          const biases = bias && subject.put(bias);
          const options = { transB, bias: biases, activation, residual: added };
          const call = backend.prepareMatmul?.(x, weight, out, options, format) as PreparedCall;
          spoilUnread(call, weight, biases);
          return call;
        },
        a,
        residual,
        want,
        magnitude,
      );
    }

    describe.each(backend.weightFormats ?? (['float32'] as const))('%s', (format) => {
      test.each(SIZES)('%i × (%i, %i) · (·, %i)', (...size) => {
        for (const transB of [false, true]) {
          expectProduct(size, transB, format);
          expectProduct(size, transB, format, 'relu', true);
        }
      });
    });
  });

  describe.runIf(backend.prepareConv2d)('conv2d', () => {
    function expectConvolution({ x: xShape, w: wShape, out, geometry }: Case, format: WeightFormat, withAll: boolean) {
      const samples = new Samples(xShape[1] + 3 * wShape[0]);
      const full: Conv2dGeometry = { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups: 1, ...geometry };
      const shape = [xShape[0], wShape[0], ...out];
      const [x, w] = [samples.uniform(xShape, 'float32'), samples.uniform(wShape, 'float32')];
      const bias = withAll ? samples.uniform([wShape[0]], 'float32') : null;
      const residual = withAll ? samples.uniform(shape, 'float32') : null;
      const activation = withAll ? 'sigmoid' : 'none';
      const isDepthwise = full.groups > 1 && wShape[1] === 1;
      const filter = wShape[1] * wShape[2] * wShape[3];
      const rounded = isDepthwise ? w : kept(w, format, (place) => Math.floor(place / filter));
      const want = oracle.conv2d(x, rounded, bias, full, shape, { activation, residual });
      const magnitude = oracle.conv2d(absolute(x), absolute(rounded), bias && absolute(bias), full, shape, {
        residual: residual && absolute(residual),
      });
      expectRuns(
        (input, result, added) => {
          const weight = subject.put(w);
          const epilogue = { activation, residual: added } as const;
          const biases = bias && subject.put(bias);
          const call = backend.prepareConv2d?.(input, weight, biases, full, result, epilogue, format) as PreparedCall;
          spoilUnread(call, weight, biases);
          return call;
        },
        x,
        residual,
        want,
        magnitude,
      );
    }

    describe.each(backend.weightFormats ?? (['float32'] as const))('%s', (format) => {
      test.each(CASES)('$what', (example) => {
        expectConvolution(example, format, false);
        expectConvolution(example, format, true);
      });
    });
  });

  describe.runIf(backend.name === 'wasm')('what they keep', () => {
    const prepare = (weight: HostArray, format: WeightFormat) => {
      const [n, k] = weight.shape.slice(1);
      const rows = 24; // fewer read a float32 weight where it is
      const a = subject.put(new Samples().uniform([1, rows, k], 'float32'));
      const out = subject.blank([1, rows, n], 'float32');
      return backend.prepareMatmul?.(a, subject.put(weight), out, { transB: true }, format) as PreparedCall;
    };

    test('float16 takes two bytes per element, int8 one', () => {
      const weight = new Samples().uniform([1, 64, 512], 'float32');
      const bytes = FORMATS.map((format) => {
        const call = prepare(weight, format);
        call.free();
        return call.bytes;
      });
      const elements = 64 * 512;
      [4, 2, 1].forEach((each, i) => {
        expect(bytes[i]).toBeGreaterThanOrEqual(each * elements);
        expect(bytes[i]).toBeLessThan(each * elements + 1024);
      });
    });

    test('float16 keeps subnormal and largest numbers; a weight beyond its range stays float32', () => {
      const numbers = [65504, -65519, 6e-8, -6.1e-5, 3.05e-5, 1e-9, 2 ** -24, 1.00048828125, 1.00146484375];
      const weight = hostArray(numbers.map(Math.fround), [1, numbers.length, 1], 'float32');
      const ones = subject.put(hostArray([1, 1], [1, 2, 1], 'float32'));
      const out = subject.blank([1, 2, numbers.length], 'float32');
      const call = backend.prepareMatmul?.(ones, subject.put(weight), out, { transB: true }, 'float16') as PreparedCall;
      call.run();
      const want = [...kept(weight, 'float16', () => 0).values];
      expect([...subject.get(out).values]).toEqual([...want, ...want]);
      call.free();

      for (const large of [65520, 1e9, Number.POSITIVE_INFINITY, Number.NaN]) {
        const beyond = prepare(hostArray([1, large], [1, 2, 1], 'float32'), 'float16');
        const wide = prepare(hostArray([1, large], [1, 2, 1], 'float32'), 'float32');
        expect(beyond.bytes).toBe(wide.bytes);
        beyond.free();
        wide.free();
      }
    });

    test('a call that was freed is not run', () => {
      const call = prepare(new Samples().uniform([1, 3, 4], 'float32'), 'float32');
      call.free();
      call.free();
      expect(() => call.run()).toThrow(MemoryError);
    });

    test('10,000 runs leave memory as it was', () => {
      const x = subject.put(new Samples().uniform([1, 4, 3, 3], 'float32'));
      const w = subject.put(new Samples().uniform([4, 4, 3, 3], 'float32'));
      const out = subject.blank([1, 4, 3, 3], 'float32');
      const geometry = { stride: [1, 1], pad: [1, 1], dilation: [1, 1], groups: 1 } as const;
      const calls = [
        prepare(new Samples().uniform([1, 3, 4], 'float32'), 'int8'),
        ...FORMATS.map((format) => backend.prepareConv2d?.(x, w, null, geometry, out, {}, format) as PreparedCall),
      ];
      const before = backend.stats();
      for (let i = 0; i < 10_000; i++) for (const call of calls) call.run();
      expect(backend.stats()).toEqual(before);
      for (const call of calls) call.free();
    });

    test('a call for memory that was freed fails and keeps nothing', () => {
      const [x, w, out] = [
        [1, 4, 4],
        [1, 4, 4],
        [1, 4, 4],
      ].map((shape) => subject.blank(shape, 'float32'));
      const gone = backend.alloc(16, 'float32');
      backend.free(gone);
      const freed = (tensor: Tensor): Tensor => ({ ...tensor, memory: gone });
      const before = backend.stats();
      for (const [a, b, c] of [
        [freed(x), w, out],
        [x, freed(w), out],
        [x, w, freed(out)],
      ]) {
        expect(() => backend.matmul(a, b, c)).toThrow(MemoryError);
        expect(() => backend.prepareMatmul?.(a, b, c, {}, 'float32')).toThrow(MemoryError);
        const image = ({ memory }: Tensor): Tensor => ({ shape: [1, 4, 2, 2], dtype: 'float32', memory });
        const filter: Tensor = { shape: [4, 4, 1, 1], dtype: 'float32', memory: b.memory };
        const geometry = { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups: 1 } as const;
        expect(() => backend.conv2d(image(a), filter, null, geometry, image(c))).toThrow(MemoryError);
        expect(() => backend.conv2dGradInput(image(c), filter, geometry, image(a))).toThrow(MemoryError);
        expect(() => backend.conv2dGradWeight(image(a), image(c), geometry, filter)).toThrow(MemoryError);
        expect(() => backend.prepareConv2d?.(image(a), filter, null, geometry, image(c), {}, 'float32')).toThrow(
          MemoryError,
        );
      }
      expect(backend.stats()).toEqual(before);
    });

    test('calls share a workspace: the first still runs when the second needs a larger one', () => {
      const x = new Samples().uniform([1, 4, 4], 'float32');
      const w = new Samples(2).uniform([1, 8, 4], 'float32');
      const out = subject.blank([1, 4, 8], 'float32');
      const first = backend.prepareMatmul?.(
        subject.put(x),
        subject.put(w),
        out,
        { transB: true },
        'int8',
      ) as PreparedCall;
      const second = prepare(new Samples().uniform([1, 700, 600], 'float32'), 'int8');
      first.run();
      const rounded = kept(w, 'int8', (place) => Math.floor(place / 4));
      const want = oracle.matmul(x, rounded, { transB: true });
      expectCloseToMagnitude(subject.get(out), want, want, { float32: 1e-5, float64: 0 });
      second.free();
      first.run();
      expectCloseToMagnitude(subject.get(out), want, want, { float32: 1e-5, float64: 0 });
      first.free();
    });
  });
});
