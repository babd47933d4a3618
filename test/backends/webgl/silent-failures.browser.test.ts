/** Failures that WebGL2 does not report: reads, draws and allocations on a GPU that is gone or out of memory. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Memory, Tensor } from '../../../src/backends/primitives.js';
import { createWebglBackend, type WebglBackend } from '../../../src/backends/webgl/index.js';
import { DeviceError, DeviceLostError, MemoryError } from '../../../src/errors.js';
import { contextOf, loseContext, losingExtension } from '../../support/webgl-context.js';
import { dyingCanvas, failingCanvas } from './canvas-failing.js';

const SIZE = 64;

const tensor = (memory: Memory): Tensor => ({ shape: [SIZE], dtype: 'float32', memory });

function filled(backend: WebglBackend, value: number): Tensor {
  const x = tensor(backend.alloc(SIZE, 'float32'));
  backend.fill(x, value);
  return x;
}

/** The number that buffers hold before the GPU fills them; an array may hold it too. */
const SENTINEL = -1_729_573;

describe('a GPU process that dies', () => {
  function dying() {
    const { canvas, die } = dyingCanvas();
    const backend = createWebglBackend({ canvas });
    const x = filled(backend, 3);
    expect(backend.readSync(x.memory)).toEqual(new Float32Array(SIZE).fill(3));
    return { backend, x, die };
  }

  test('a synchronous read says so, and so does every operation after it', () => {
    const { backend, x, die } = dying();
    die();
    expect(() => backend.readSync(x.memory)).toThrow(DeviceLostError);
    expect(() => backend.fill(x, 1)).toThrow(DeviceLostError);
    expect(() => backend.alloc(1, 'float32')).toThrow(DeviceLostError);
  });

  test('a read through a buffer says so, even if its fence is signalled', async () => {
    const { backend, x, die } = dying();
    const reading = backend.read(x.memory);
    die();
    await expect(reading).rejects.toThrow(DeviceLostError);
  });

  test('an array that moves to the host says so, and its values stay lost', async () => {
    const { canvas, die } = dyingCanvas();
    const backend = createWebglBackend({ canvas, memoryBudget: 2 * 4 * SIZE });
    const [x, y] = [filled(backend, 1), filled(backend, 2)];
    die();
    expect(() => backend.alloc(SIZE, 'float32')).toThrow(DeviceLostError);
    for (const { memory } of [x, y]) {
      expect(() => backend.readSync(memory)).toThrow(DeviceLostError);
      await expect(backend.read(memory)).rejects.toThrow(DeviceLostError);
      await expect(backend.keepHostCopies([memory])).rejects.toThrow(DeviceLostError);
    }
  });

  test('a new texture, and a new shader, say so without a read', async () => {
    for (const work of [
      (backend: WebglBackend) => backend.alloc(5000, 'float32'),
      (backend: WebglBackend, x: Tensor) => backend.unary('tanh', x, x),
    ]) {
      const { backend, x, die } = dying();
      die();
      expect(() => work(backend, x)).toThrow(DeviceLostError);
    }
    const { backend, x, die } = dying();
    die();
    await expect(backend.warmUp(() => backend.unary('tanh', x, x))).rejects.toThrow(DeviceLostError);
  });

  test('updates that nobody reads stop within a second', async () => {
    const { backend, x, die } = dying();
    const gradient = filled(backend, 1);
    const step = () => backend.update('sgd', x, gradient, [], [0.1]);
    step();
    die();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(step).toThrow(DeviceLostError);
  });

  test('a backend cannot be made on it', () => {
    const { canvas, die } = dyingCanvas();
    die();
    expect(() => createWebglBackend({ canvas })).toThrow(DeviceLostError);
    const lost = new OffscreenCanvas(1, 1);
    losingExtension(lost).loseContext();
    expect(() => createWebglBackend({ canvas: lost })).toThrow(DeviceLostError);
  });
});

test.each(['float32', 'int32'] as const)('an array of %s that holds the sentinel is read as it is', async (dtype) => {
  const backend = createWebglBackend();
  const data = new (dtype === 'float32' ? Float32Array : Int32Array)(SIZE).fill(SENTINEL);
  const memory = backend.alloc(SIZE, dtype);
  backend.write(memory, data);
  expect(backend.readSync(memory)).toEqual(data);
  expect(await backend.read(memory)).toEqual(data);
});

describe('a command that fails', () => {
  test.each([
    ['OUT_OF_MEMORY', MemoryError],
    ['INVALID_OPERATION', DeviceError],
  ] as const)(
    '%s in a draw: the next read throws, and nothing that was computed is read later',
    async (error, Class) => {
      const { canvas, fail } = failingCanvas();
      const backend = createWebglBackend({ canvas });
      const [x, y] = [filled(backend, 1), filled(backend, 2)];
      const kept = tensor(backend.alloc(SIZE, 'float32'));
      await backend.keepHostCopies([x.memory]);
      fail('drawArrays', error);
      backend.unary('negative', y, kept);
      expect(() => backend.readSync(kept.memory)).toThrow(Class);
      for (const { memory } of [y, kept]) {
        expect(() => backend.readSync(memory)).toThrow(DeviceLostError);
        expect(() => backend.unary('exp', tensor(memory), x)).toThrow(DeviceLostError);
      }
      // The context is there: what the host has comes back, and new arrays are computed.
      expect(backend.readSync(x.memory)).toEqual(new Float32Array(SIZE).fill(1));
      const out = filled(backend, 0);
      backend.binary('add', x, 4, out);
      expect(backend.readSync(out.memory)).toEqual(new Float32Array(SIZE).fill(5));
      for (const { memory } of [x, y, kept, out]) backend.free(memory);
      expect(backend.stats()).toMatchObject({ bytes: 0, blocks: 0, paged: 0 });
    },
  );

  test('reads under way when another finds the failure are rejected too', async () => {
    const { canvas, fail } = failingCanvas();
    const backend = createWebglBackend({ canvas });
    const x = filled(backend, 1);
    fail('drawArrays', 'INVALID_OPERATION');
    backend.unary('negative', x, x);
    const reads = await Promise.allSettled([backend.read(x.memory), backend.read(x.memory)]);
    expect(reads.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    for (const read of reads) expect(read).toMatchObject({ reason: expect.any(DeviceError) });
  });

  test('an upload for which there is no memory', () => {
    const { canvas, fail } = failingCanvas();
    const backend = createWebglBackend({ canvas });
    const x = filled(backend, 1);
    fail('texSubImage2D', 'OUT_OF_MEMORY');
    backend.write(x.memory, new Float32Array(SIZE).fill(2));
    expect(() => backend.readSync(x.memory)).toThrow(MemoryError);
    expect(() => backend.readSync(x.memory)).toThrow(DeviceLostError);
  });
});

describe('a texture for which there is no memory', () => {
  test('is made after others have moved to the host; no value is lost', () => {
    const { canvas, fail } = failingCanvas();
    const backend = createWebglBackend({ canvas });
    const x = filled(backend, 1);
    fail('texStorage2D', 'OUT_OF_MEMORY');
    const big = backend.alloc(100 * SIZE, 'float32');
    expect(backend.stats().paged).toBe(4 * SIZE);
    backend.fill({ shape: [100 * SIZE], dtype: 'float32', memory: big }, 2);
    expect(backend.readSync(big)[6399]).toBe(2);
    expect(backend.readSync(x.memory)).toEqual(new Float32Array(SIZE).fill(1));
  });

  test('is refused when there is still none; arrays keep their values', () => {
    const { canvas, fail } = failingCanvas();
    const backend = createWebglBackend({ canvas });
    const x = filled(backend, 1);
    // The second attempt fails as the first does.
    const gl = contextOf(canvas);
    fail('texStorage2D', 'OUT_OF_MEMORY');
    const once = gl.texStorage2D;
    gl.texStorage2D = (...args) => {
      once.apply(gl, args);
      fail('texStorage2D', 'OUT_OF_MEMORY');
    };
    expect(() => backend.alloc(100 * SIZE, 'float32')).toThrow(MemoryError);
    expect(backend.readSync(x.memory)).toEqual(new Float32Array(SIZE).fill(1));
    expect(backend.stats().blocks).toBe(1);
  });

  test('an error of an earlier draw is not taken for a refusal', () => {
    const { canvas, fail } = failingCanvas();
    const backend = createWebglBackend({ canvas });
    const x = filled(backend, 1);
    fail('drawArrays', 'OUT_OF_MEMORY');
    backend.unary('negative', x, x);
    expect(() => backend.alloc(100 * SIZE, 'float32')).toThrow(MemoryError);
    expect(() => backend.readSync(x.memory)).toThrow(DeviceLostError);
  });
});

describe('a browser that does not give the context back', () => {
  afterEach(() => void vi.useRealTimers());

  test('is waited for half a minute; when it does later, the device is there', async () => {
    const canvas = new OffscreenCanvas(1, 1);
    const backend = createWebglBackend({ canvas });
    const restore = await loseContext(canvas);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const waiting = expect(backend.restored()).rejects.toThrow(/not restored it within 30 s/);
    await vi.advanceTimersByTimeAsync(30_000);
    await waiting;
    vi.useRealTimers();
    setTimeout(restore);
    await backend.restored();
    expect(backend.readSync(filled(backend, 2).memory)).toEqual(new Float32Array(SIZE).fill(2));
  });
});
