/** Device memory: reads return what was written, and freed memory is gone. */
import { expect, test } from 'vitest';
import type { DType, TypedArray } from '../../src/backends/primitives.js';
import { MemoryError } from '../../src/errors.js';
import { describeBackends } from '../support/backends.js';

const SAMPLES: Record<DType, TypedArray> = {
  float32: Float32Array.of(0, -1.5, Math.PI, 3e38, 2 ** -126, Number.NaN, Number.POSITIVE_INFINITY),
  float64: Float64Array.of(0, -1.5, Math.PI, 1e308, 5e-324, Number.NaN, Number.NEGATIVE_INFINITY),
  int32: Int32Array.of(0, 1, -1, 16777217, -16777219, 2 ** 31 - 1, -(2 ** 31)),
  uint8: Uint8Array.of(0, 1, 2, 127, 128, 254, 255),
  bool: Uint8Array.of(0, 1, 1, 0, 1, 0, 0),
};

describeBackends('memory', (subject) => {
  const { backend } = subject;

  test.each(subject.dtypes())('%s is read as it was written, bit for bit', async (dtype) => {
    const memory = backend.alloc(7, dtype);
    backend.write(memory, SAMPLES[dtype]);
    expect(memory).toMatchObject({ dtype, size: 7 });
    expect(backend.readSync(memory)).toEqual(SAMPLES[dtype]);
    expect(await backend.read(memory)).toEqual(SAMPLES[dtype]);
    backend.free(memory);
  });

  test.each([1, 3, 4, 5, 1023, 5003])('blocks of %i elements do not overlap', (size) => {
    const blocks = subject.dtypes().map((dtype, k) => {
      const memory = backend.alloc(size, dtype);
      const data = backend.readSync(memory).fill(k % 2);
      backend.write(memory, data);
      return { memory, data };
    });
    for (const { memory, data } of blocks) expect(backend.readSync(memory)).toEqual(data);
    for (const { memory } of blocks) backend.free(memory);
  });

  test.each(subject.dtypes())('a block of zero elements of %s', async (dtype) => {
    const memory = backend.alloc(0, dtype);
    const nothing = SAMPLES[dtype].slice(0, 0);
    backend.write(memory, nothing);
    expect(backend.readSync(memory)).toEqual(nothing);
    expect(await backend.read(memory)).toEqual(nothing);
    backend.free(memory);
  });

  test('host data may be a part of a larger buffer', () => {
    const memory = backend.alloc(3, 'float32');
    backend.write(memory, Float32Array.of(9, 9, 1, 2, 3, 9).subarray(2, 5));
    expect(backend.readSync(memory)).toEqual(Float32Array.of(1, 2, 3));
    backend.free(memory);
  });

  test('a read gives a copy, as of the time of the call', async () => {
    const memory = backend.alloc(2, 'int32');
    backend.write(memory, Int32Array.of(1, 2));
    const promised = backend.read(memory);
    const copy = backend.readSync(memory);
    backend.write(memory, Int32Array.of(3, 4));
    copy[1] = 5;
    expect(await promised).toEqual(Int32Array.of(1, 2));
    expect(backend.readSync(memory)).toEqual(Int32Array.of(3, 4));
    backend.free(memory);
  });

  test('a block may be freed while a read of it is under way', async () => {
    const memory = backend.alloc(2, 'float32');
    backend.write(memory, Float32Array.of(1, 2));
    const promised = backend.read(memory);
    backend.free(memory);
    expect(await promised).toEqual(Float32Array.of(1, 2));
  });

  test('statistics follow allocations', () => {
    const before = backend.stats();
    const [a, b] = [backend.alloc(1000, 'float32'), backend.alloc(10, 'uint8')];
    const during = backend.stats();
    expect(during.blocks).toBe(before.blocks + 2);
    expect(during.bytes).toBeGreaterThanOrEqual(before.bytes + 4010);
    expect(during.reserved).toBeGreaterThanOrEqual(during.bytes);
    backend.free(a);
    backend.free(b);
    const after = backend.stats();
    expect({ blocks: after.blocks, bytes: after.bytes }).toEqual({ blocks: before.blocks, bytes: before.bytes });
  });

  test('freed memory is used again', () => {
    const cycle = () => backend.free(backend.alloc(100_000, 'float32'));
    cycle();
    const { reserved } = backend.stats();
    for (let i = 0; i < 100; i++) cycle();
    expect(backend.stats().reserved).toBe(reserved);
  });

  test('an allocation that is too large throws a MemoryError', () => {
    const before = backend.stats();
    expect(() => backend.alloc(2 ** 40, 'float32')).toThrow(MemoryError);
    expect(backend.stats()).toEqual(before);
  });
});
