/** Textures as memory: their limits, their reuse, reading them back without blocking, and losing them. */
import { describe, expect, test } from 'vitest';
import type { DType, Tensor } from '../../../src/backends/primitives.js';
import { createWebglBackend, type WebglBackend } from '../../../src/backends/webgl/index.js';
import { DeviceError, DTypeError, MemoryError } from '../../../src/errors.js';
import { losingExtension } from '../../support/webgl-context.js';
import { canvasWithParameter } from './canvas.js';

const tensor = (backend: WebglBackend, shape: readonly number[], dtype: DType = 'float32'): Tensor => ({
  shape,
  dtype,
  memory: backend.alloc(
    shape.reduce((a, b) => a * b, 1),
    dtype,
  ),
});

describe('limits', () => {
  test('an array that no texture can hold is refused with the numbers', () => {
    const backend = createWebglBackend({ canvas: canvasWithParameter('MAX_TEXTURE_SIZE', 8) });
    expect(() => backend.alloc(257, 'float32')).toThrow(MemoryError);
    expect(() => backend.alloc(257, 'float32')).toThrow(/257 elements.*8×8 texels.*256 elements/);
    expect(backend.stats()).toMatchObject({ blocks: 0, bytes: 0, reserved: 0 });
  });

  test.each([1, 4, 5, 33, 129, 255, 256])('%i elements, up to the limit, keep their places', (size) => {
    const backend = createWebglBackend({ canvas: canvasWithParameter('MAX_TEXTURE_SIZE', 8) });
    const memory = backend.alloc(size, 'int32');
    const data = Int32Array.from({ length: size }, (_, i) => i * 0x01000193);
    backend.write(memory, data);
    expect(backend.readSync(memory)).toEqual(data);
  });

  test('float64 is refused', () => {
    expect(() => createWebglBackend().alloc(1, 'float64')).toThrow(DTypeError);
  });

  test('memory is used neither after it was freed nor on another device', () => {
    const [backend, other] = [createWebglBackend(), createWebglBackend()];
    const [freed, foreign] = [tensor(backend, [3]), tensor(other, [3])];
    backend.free(freed.memory);
    expect(() => backend.free(freed.memory)).toThrow(MemoryError);
    expect(() => backend.readSync(freed.memory)).toThrow(MemoryError);
    expect(() => backend.unary('exp', foreign, foreign)).toThrow(/another device/);
  });
});

describe('reuse', () => {
  test('two thousand operations make no new texture and compile no new program', () => {
    const backend = createWebglBackend();
    const step = (i: number) => {
      const [x, w, y, loss] = [[12, 20], [20, 7], [12, 7], [7]].map((shape) => tensor(backend, shape));
      backend.random('normal', i, 0, x);
      backend.random('normal', i, 1, w);
      backend.matmul({ ...x, shape: [1, 12, 20] }, { ...w, shape: [1, 20, 7] }, { ...y, shape: [1, 12, 7] });
      backend.unary('tanh', y, y);
      backend.softmax(y, 1, true, y);
      backend.reduce('sum', y, [0], loss);
      backend.binary('multiply', y, loss, y);
      backend.copy(y, { offset: 0, strides: [7, 1] }, x, { offset: 3, strides: [20, 1] }, [12, 7]);
      for (const { memory } of [x, w, y, loss]) backend.free(memory);
    };
    step(0);
    step(1);
    const before = backend.stats();
    for (let i = 2; i < 252; i++) step(i);
    expect(backend.stats()).toEqual(before);
    expect(before.blocks).toBe(0);
  });

  test('programs depend on ranks and dtypes, not on sizes', () => {
    const backend = createWebglBackend();
    const add = (n: number) => {
      const [x, row] = [tensor(backend, [n, n + 1]), tensor(backend, [n + 1])];
      backend.binary('add', x, row, x);
      backend.reduce('sum', x, [0], row);
    };
    for (const n of [5, 6, 7, 8]) add(n);
    const { programs } = backend.stats();
    for (let n = 9; n < 60; n++) add(n);
    expect(backend.stats().programs).toBe(programs);
  });
});

describe('reading without blocking', () => {
  test('concurrent reads each give the values at the time of their call', async () => {
    const backend = createWebglBackend();
    const x = tensor(backend, [5]);
    const reads = Array.from({ length: 8 }, (_, i) => {
      backend.fill(x, i);
      return backend.read(x.memory);
    });
    const values = await Promise.all(reads);
    expect(values).toEqual(values.map((_, i) => new Float32Array(5).fill(i)));
  });

  test('the thread goes on while a long computation is under way', async () => {
    const backend = createWebglBackend();
    const [a, b] = [tensor(backend, [1, 256, 256]), tensor(backend, [1, 256, 256])];
    backend.fill(a, 1);
    for (let i = 0; i < 4; i++) backend.matmul(a, a, b);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const values = await backend.read(b.memory);
    clearInterval(timer);
    expect(values[0]).toBe(256);
    expect(turns).toBeGreaterThan(0);
  });
});

describe('a lost context', () => {
  function lose() {
    const canvas = new OffscreenCanvas(1, 1);
    const backend = createWebglBackend({ canvas });
    const x = tensor(backend, [3]);
    backend.fill(x, 1);
    const extension = losingExtension(canvas);
    return { backend, x, lose: () => extension.loseContext() };
  }

  test('every operation afterwards says so', async () => {
    const { backend, x, lose: loseContext } = lose();
    loseContext();
    const lost = /context was lost/;
    expect(() => backend.alloc(1, 'float32')).toThrow(DeviceError);
    expect(() => backend.alloc(1, 'float32')).toThrow(lost);
    expect(() => backend.unary('exp', x, x)).toThrow(lost);
    expect(() => backend.write(x.memory, new Float32Array(3))).toThrow(lost);
    expect(() => backend.readSync(x.memory)).toThrow(lost);
    await expect(backend.read(x.memory)).rejects.toThrow(lost);
  });

  test('a pending read is rejected, and the arrays can be freed', async () => {
    const { backend, x, lose: loseContext } = lose();
    const reading = backend.read(x.memory);
    loseContext();
    await expect(reading).rejects.toThrow(DeviceError);
    backend.free(x.memory);
    expect(backend.stats().blocks).toBe(0);
  });
});
