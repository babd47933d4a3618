/**
 * NaN, infinities, signed zeros and denormals on WebGL2. Oracle: wasm, which follows IEEE 754. The differences that
 * docs/guide/devices.md lists are the only ones.
 */
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/backends/backend.js';
import { BINARY_OPS, fillsBool, REDUCE_OPS, UNARY_OPS } from '../../../src/backends/ops.js';
import type { DType, Tensor } from '../../../src/backends/primitives.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { createWebglBackend } from '../../../src/backends/webgl/index.js';

const webgl = createWebglBackend();
const wasm = createWasmBackend(undefined, { winograd: false });

const ARRAYS = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array };

function put(backend: Backend, shape: readonly number[], values: ArrayLike<number>, dtype: DType = 'float32'): Tensor {
  const memory = backend.alloc(values.length, dtype);
  backend.write(memory, ARRAYS[dtype].from(values));
  return { shape, dtype, memory };
}

/** What both devices compute into an array of a shape. */
function both(shape: readonly number[], dtype: DType, compute: (backend: Backend, out: Tensor) => void): number[][] {
  const size = shape.reduce((a, b) => a * b, 1);
  return [webgl, wasm].map((backend) => {
    const out = put(backend, shape, new Uint8Array(size).fill(77), dtype);
    compute(backend, out);
    return Array.from(backend.readSync(out.memory));
  });
}

/** NaN and infinities alike, finite numbers nearly so; zeros of either sign are equal. */
function expectAlike([got, want]: readonly number[][], what: (i: number) => string): void {
  for (const [i, expected] of want.entries()) {
    if (Number.isFinite(expected))
      expect(Math.abs(got[i] - expected), what(i)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected)));
    else expect(got[i], what(i)).toBe(expected);
  }
}

const VALUES = [0, 1, -1, 0.5, -2.5, 7, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
const N = VALUES.length;
/** One of the values in a row of four, the others ordinary. */
const ROWS = VALUES.flatMap((value) => [1, value, 2, -0.5]);

describe('NaN and infinities equal those of wasm', () => {
  test.each(UNARY_OPS)('%s', (op) => {
    const dtype = ['logicalNot', 'isNan', 'isInf'].includes(op) ? 'bool' : 'float32';
    const results = both([N], dtype, (backend, out) => backend.unary(op, put(backend, [N], VALUES), out));
    expectAlike(results, (i) => `${op} ${VALUES[i]}`);
  });

  test.each(BINARY_OPS)('%s', (op) => {
    const results = both([N, N], fillsBool(op) ? 'bool' : 'float32', (backend, out) =>
      backend.binary(op, put(backend, [N, 1], VALUES), put(backend, [1, N], VALUES), out),
    );
    expectAlike(results, (i) => `${VALUES[Math.floor(i / N)]} ${op} ${VALUES[i % N]}`);
  });

  test('reductions, cumulative sums and softmax', () => {
    const rows = (backend: Backend) => put(backend, [N, 4], ROWS);
    const value = (i: number) => `a row with ${VALUES[i]}`;
    for (const op of REDUCE_OPS) {
      expectAlike(
        both([N], 'float32', (backend, out) => backend.reduce(op, rows(backend), [1], out)),
        value,
      );
    }
    for (const op of ['argmax', 'argmin'] as const) {
      expectAlike(
        both([N], 'int32', (backend, out) => backend.argReduce(op, rows(backend), 1, out)),
        value,
      );
    }
    for (const op of ['cumsum', 'cumprod'] as const) {
      const results = both([N, 4], 'float32', (backend, out) => backend.cumulative(op, rows(backend), 1, out));
      expectAlike(results, (i) => value(i >> 2));
    }
    for (const log of [false, true]) {
      const results = both([N, 4], 'float32', (backend, out) => backend.softmax(rows(backend), 1, log, out));
      expectAlike(results, (i) => value(i >> 2));
    }
  });

  test('products', () => {
    const b = Array.from({ length: 12 }, (_, i) => i * 0.25);
    const results = both([1, N, 3], 'float32', (backend, out) =>
      backend.matmul(put(backend, [1, N, 4], ROWS), put(backend, [1, 4, 3], b), out),
    );
    expectAlike(results, (i) => `a row with ${VALUES[Math.floor(i / 3)]}`);
  });

  test.each([
    ['inside', 3 * 8 + 3],
    ['in a corner, beside the padding', 0],
  ])('convolutions of an image with one such pixel %s, and their gradients', (_, pixel) => {
    const geometry = { stride: [1, 1], pad: [1, 1], dilation: [1, 1], groups: 1 } as const;
    const image = VALUES.flatMap((value) => Array.from({ length: 2 * 64 }, (_, i) => (i === pixel ? value : 0.25)));
    const weight = Array.from({ length: 2 * 2 * 9 }, (_, i) => 0.1 + (i % 3) * 0.1);
    const images = (backend: Backend) => put(backend, [N, 2, 8, 8], image);
    const weights = (backend: Backend) => put(backend, [2, 2, 3, 3], weight);
    const of = (i: number) => `${VALUES[Math.floor(i / 128)]}, place ${i % 64}`;
    const shape = [N, 2, 8, 8];
    const forward = both(shape, 'float32', (backend, out) =>
      backend.conv2d(images(backend), weights(backend), null, geometry, out),
    );
    expectAlike(forward, of);
    const backward = both(shape, 'float32', (backend, out) =>
      backend.conv2dGradInput(images(backend), weights(backend), geometry, out),
    );
    expectAlike(backward, of);
    // A pixel reaches the outputs whose windows contain it, no others.
    const reached = pixel === 0 ? 4 : 9;
    const isNan = forward[0].slice(-128, -64).filter(Number.isNaN);
    expect(isNan.length).toBe(reached);
    const gradient = both([2, 2, 3, 3], 'float32', (backend, out) => {
      const x = put(backend, [1, 2, 8, 8], image.slice(-128));
      backend.conv2dGradWeight(x, put(backend, [1, 2, 8, 8], new Float32Array(128).fill(0.5)), geometry, out);
    });
    expectAlike(gradient, (i) => `weight ${i}`);
  });

  test('poolings', () => {
    const geometry = { ksize: [3, 3], stride: [2, 2], pad: [1, 1] } as const;
    const images = VALUES.flatMap((value) => Array.from({ length: 64 }, (_, i) => (i === 27 ? value : 0.25)));
    const image = (backend: Backend) => put(backend, [N, 1, 8, 8], images);
    const of = (i: number) => `${VALUES[Math.floor(i / 16)]}`;
    expectAlike(
      both([N, 1, 4, 4], 'float32', (backend, out) => backend.averagePool2d(image(backend), geometry, out)),
      of,
    );
    const indices = (backend: Backend) => put(backend, [N, 1, 4, 4], new Int32Array(16 * N), 'int32');
    const maxima = both([N, 1, 4, 4], 'float32', (backend, out) =>
      backend.maxPool2d(image(backend), geometry, out, indices(backend)),
    );
    expectAlike(maxima, of);
  });
});

describe('documented differences', () => {
  const DENORMAL = 1e-40;

  const unary = (op: (typeof UNARY_OPS)[number], x: number) =>
    both([1], 'float32', (backend, out) => backend.unary(op, put(backend, [1], [x]), out)).map(([y]) => y);

  const binary = (op: (typeof BINARY_OPS)[number], a: number, b: number) =>
    both([1], 'float32', (backend, out) => backend.binary(op, put(backend, [1], [a]), put(backend, [1], [b]), out)).map(
      ([y]) => y,
    );

  test('a denormal is kept where elements only move, and may count as zero where something is computed', () => {
    for (const device of [webgl, wasm]) {
      const x = put(device, [4], [DENORMAL, -DENORMAL, 1, 2]);
      const y = put(device, [4], [0, 0, 0, 0]);
      device.copy(x, { offset: 3, strides: [-1] }, y, { offset: 0, strides: [1] }, [4]);
      expect(Array.from(device.readSync(y.memory))).toEqual([2, 1, Math.fround(-DENORMAL), Math.fround(DENORMAL)]);
    }
    // Drivers may flush denormals or keep them: either is right for WebGL2.
    const [scaled, exact] = binary('multiply', DENORMAL, 2 ** 20);
    expect([0, exact]).toContain(scaled);
    const [product, infinite] = binary('multiply', DENORMAL, Number.POSITIVE_INFINITY);
    expect(infinite).toBe(Number.POSITIVE_INFINITY);
    expect(product === Number.POSITIVE_INFINITY || Number.isNaN(product)).toBe(true);
  });

  test.each(['sign', 'relu', 'expm1', 'sin', 'tan', 'arcsin'] as const)('%s of -0 is a zero of either sign', (op) => {
    const [got, want] = unary(op, -0);
    expect(want).toBe(-0);
    expect(Math.abs(got)).toBe(0);
  });

  test('remainders whose quotient is beyond float32 are NaN', () => {
    for (const op of ['mod', 'fmod', 'floorDivide'] as const) {
      const [got, want] = binary(op, 3e38, 0.5);
      expect(got).toBeNaN();
      expect(want).toBe(op === 'floorDivide' ? Number.POSITIVE_INFINITY : 0);
    }
  });

  test("casts of numbers beyond the integer's range", () => {
    const outside = [1e20, Number.POSITIVE_INFINITY, Number.NaN];
    const [, want] = both([3], 'int32', (backend, out) => backend.cast(put(backend, [3], outside), out));
    expect(want).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 0]);
  });
});
