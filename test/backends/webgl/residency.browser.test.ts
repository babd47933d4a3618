/** Arrays beyond the memory budget, and arrays after the loss of the context. */
import { describe, expect, test } from 'vitest';
import type { PreparedCall } from '../../../src/backends/backend.js';
import type { Tensor } from '../../../src/backends/primitives.js';
import { createWebglBackend, type WebglBackend, type WebglBackendOptions } from '../../../src/backends/webgl/index.js';
import { DeviceLostError, MemoryError } from '../../../src/errors.js';
import { Chain, compile, F, init, keepHostCopy, L, np, type VariableLike } from '../../../src/index.js';
import { loseContext } from '../../support/webgl-context.js';

const SIZE = 256;
/** 8 × 8 texels of 4 floats. */
const BYTES = 4 * SIZE;

const GEOMETRY = { ksize: [1, 1], stride: [1, 1], pad: [0, 0] } as const;

const tensor = (backend: WebglBackend, values?: Float32Array): Tensor => {
  const memory = backend.alloc(SIZE, 'float32');
  if (values) backend.write(memory, values);
  return { shape: [SIZE], dtype: 'float32', memory };
};

const numbers = (first: number) => Float32Array.from({ length: SIZE }, (_, i) => first + i);

describe('a memory budget', () => {
  test('is kept, and every array keeps its values', () => {
    const backend = createWebglBackend({ memoryBudget: 4 * BYTES });
    const arrays = Array.from({ length: 12 }, (_, i) => tensor(backend, numbers(i)));
    expect(backend.stats()).toMatchObject({ bytes: 12 * BYTES, blocks: 12, paged: 8 * BYTES, reserved: 4 * BYTES });
    // Each is changed twice, after all others have been in its place.
    for (let round = 0; round < 2; round++) {
      for (const array of arrays) backend.binary('add', array, 100, array);
    }
    expect(backend.stats().reserved).toBeLessThanOrEqual(4 * BYTES);
    for (const [i, { memory }] of arrays.entries()) expect(backend.readSync(memory)).toEqual(numbers(200 + i));
    for (const { memory } of arrays) backend.free(memory);
    expect(backend.stats()).toMatchObject({ bytes: 0, blocks: 0, paged: 0 });
  });

  test('moves the array longest unused', async () => {
    const backend = createWebglBackend({ memoryBudget: 3 * BYTES });
    const [a, b] = [tensor(backend, numbers(0)), tensor(backend, numbers(1))];
    const out = tensor(backend);
    backend.unary('negative', a, out);
    backend.binary('add', tensor(backend), b, out);
    // An array on the host is read without the device: the texture count stays.
    const { textures, paged } = backend.stats();
    expect(await backend.read(a.memory)).toEqual(numbers(0));
    expect(backend.stats()).toMatchObject({ textures, paged });
  });

  test('smaller than what one operation needs is exceeded, not refused', () => {
    const backend = createWebglBackend({ memoryBudget: BYTES });
    const [a, b, out] = [tensor(backend, numbers(1)), tensor(backend, numbers(2)), tensor(backend)];
    backend.binary('subtract', b, a, out);
    expect(backend.readSync(out.memory)).toEqual(new Float32Array(SIZE).fill(1));
  });
});

describe('a context lost and restored', () => {
  async function loseAndRestore(options: WebglBackendOptions, prepare: (backend: WebglBackend) => Promise<Tensor[]>) {
    const canvas = new OffscreenCanvas(1, 1);
    const backend = createWebglBackend({ ...options, canvas });
    const arrays = await prepare(backend);
    const restore = await loseContext(canvas);
    expect(() => backend.unary('exp', arrays[0], arrays[0])).toThrow(DeviceLostError);
    setTimeout(restore);
    await backend.restored();
    return { backend, arrays };
  }

  test('written values come back if requested and unchanged; results of kernels are lost', async () => {
    const { backend, arrays } = await loseAndRestore({ keepWritten: true }, async (device) => {
      const [written, changed] = [tensor(device, numbers(1)), tensor(device, numbers(2))];
      device.binary('add', changed, 1, changed);
      return [written, changed];
    });
    const [written, changed] = arrays;
    const out = tensor(backend);
    backend.binary('multiply', written, 2, out);
    expect(backend.readSync(out.memory)).toEqual(numbers(1).map((x) => 2 * x));
    const lost = /256 elements of float32 were lost with the WebGL2 context/;
    expect(() => backend.binary('add', changed, written, out)).toThrow(DeviceLostError);
    expect(() => backend.binary('add', changed, written, out)).toThrow(lost);
    expect(() => backend.readSync(changed.memory)).toThrow(lost);
    await expect(backend.read(changed.memory)).rejects.toThrow(lost);
  });

  test('arrays that were on the host come back', async () => {
    const { backend, arrays } = await loseAndRestore({ memoryBudget: 2 * BYTES }, async (device) => {
      const made = tensor(device);
      device.fill(made, 7);
      return [made, ...Array.from({ length: 4 }, () => tensor(device))];
    });
    expect(backend.readSync(arrays[0].memory)).toEqual(new Float32Array(SIZE).fill(7));
    backend.unary('negative', arrays[0], arrays[0]);
    expect(backend.readSync(arrays[0].memory)).toEqual(new Float32Array(SIZE).fill(-7));
  });

  test('a kept copy gives the values at the time of the copy', async () => {
    const { backend, arrays } = await loseAndRestore({}, async (device) => {
      const parameter = tensor(device, numbers(0));
      device.binary('add', parameter, 1, parameter);
      await device.keepHostCopies([parameter.memory]);
      device.binary('add', parameter, 1, parameter);
      expect(device.readSync(parameter.memory)).toEqual(numbers(2));
      return [parameter];
    });
    expect(backend.readSync(arrays[0].memory)).toEqual(numbers(1));
    backend.binary('add', arrays[0], 1, arrays[0]);
    expect(backend.readSync(arrays[0].memory)).toEqual(numbers(2));
  });

  test('kept copies are of one time, also of arrays that are on the host when the context is lost', async () => {
    const { backend, arrays } = await loseAndRestore({ memoryBudget: 3 * BYTES }, async (device) => {
      const [a, b] = [tensor(device, numbers(0)), tensor(device, numbers(10))];
      await device.keepHostCopies([a.memory, b.memory]);
      for (const x of [a, b]) device.binary('add', x, 1, x);
      const others = [1, 2, 3].map(() => tensor(device)); // a and b make room for them
      expect(device.stats().paged).toBeGreaterThan(0);
      device.binary('add', b, 1, b);
      return [a, b, ...others];
    });
    expect(backend.readSync(arrays[0].memory)).toEqual(numbers(0));
    expect(backend.readSync(arrays[1].memory)).toEqual(numbers(10));
  });

  test('copies that cannot all be made leave the earlier ones', async () => {
    const { backend, arrays } = await loseAndRestore({}, async (device) => {
      const [a, b] = [tensor(device, numbers(0)), tensor(device, numbers(10))];
      await device.keepHostCopies([a.memory, b.memory]);
      for (const x of [a, b]) device.binary('add', x, 1, x);
      const keeping = device.keepHostCopies([a.memory, b.memory]);
      keeping.catch(() => {}); // the context is lost before it is done
      return [a, b];
    });
    expect(backend.readSync(arrays[0].memory)).toEqual(numbers(0));
    expect(backend.readSync(arrays[1].memory)).toEqual(numbers(10));
  });

  test('a prepared product packs its weight again', async () => {
    const calls: PreparedCall[] = [];
    const { backend, arrays } = await loseAndRestore({ keepWritten: true }, async (device) => {
      const [x, out] = [tensor(device, numbers(1)), tensor(device)];
      const weight = device.alloc(1, 'float32');
      device.write(weight, Float32Array.of(3));
      const image = (memory: Tensor['memory']): Tensor => ({ shape: [1, 1, 16, 16], dtype: 'float32', memory });
      const filter: Tensor = { shape: [1, 1, 1, 1], dtype: 'float32', memory: weight };
      const geometry = { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups: 1 } as const;
      const call = device.prepareConv2d(image(x.memory), filter, null, geometry, image(out.memory), {}, 'float32');
      call.run();
      expect(device.readSync(out.memory)).toEqual(numbers(1).map((v) => 3 * v));
      calls.push(call);
      return [out];
    });
    backend.fill(arrays[0], 0);
    for (const call of calls) {
      call.run();
      expect(backend.readSync(arrays[0].memory)).toEqual(numbers(1).map((v) => 3 * v));
      const { blocks } = backend.stats();
      call.free();
      expect(backend.stats().blocks).toBe(blocks - 1);
      expect(() => call.run()).toThrow(MemoryError);
    }
  });

  test('a lost result is computed again, and stays lost if the computation fails', async () => {
    const { backend, arrays } = await loseAndRestore({ keepWritten: true }, async (device) => [
      tensor(device),
      tensor(device, numbers(1)),
    ]);
    const [result, written] = arrays;
    const image = (of: Tensor): Tensor => ({ shape: [1, 1, 16, 16], dtype: of.dtype, memory: of.memory });
    const wrong: Tensor = { shape: [1, 1, 16, 16], dtype: 'int32', memory: backend.alloc(SIZE, 'int32') };
    backend.free(wrong.memory);
    // The result gets a texture before the indices are found to be freed.
    expect(() => backend.maxPool2d(image(written), GEOMETRY, image(result), wrong)).toThrow(MemoryError);
    expect(() => backend.readSync(result.memory)).toThrow(DeviceLostError);
    const { reserved, textures } = backend.stats();
    backend.unary('negative', written, result);
    expect(backend.readSync(result.memory)).toEqual(numbers(1).map((x) => -x));
    expect(backend.stats()).toMatchObject({ reserved, textures });
  });

  test('a compiled model whose weights are kept runs as before', async () => {
    const canvas = new OffscreenCanvas(1, 1);
    await init({ device: 'webgl', canvas });
    class Net extends Chain {
      conv = new L.Convolution2D(1, 3, 3);
      fc = new L.Linear(27, 4);
      forward(x: VariableLike) {
        return this.fc(F.maxPooling2d(F.tanh(this.conv(x)), 2));
      }
    }
    const model = new Net();
    const x = () => np.full([2, 1, 8, 8], 0.5);
    const predict = compile(model, [x()]);
    const before = predict(x()).dataSync();
    await keepHostCopy(model);
    const restore = await loseContext(canvas);
    setTimeout(restore);
    await init({ device: 'webgl' });
    expect(predict(x()).dataSync()).toEqual(before);
  });

  test('lost arrays can be written, filled, and freed', async () => {
    const { backend, arrays } = await loseAndRestore({}, async (device) => [1, 2, 3].map(() => tensor(device)));
    const [a, b, c] = arrays;
    backend.write(a.memory, numbers(3));
    backend.fill(b, 1);
    backend.binary('add', a, b, b);
    expect(backend.readSync(b.memory)).toEqual(numbers(4));
    for (const { memory } of [a, b, c]) backend.free(memory);
    expect(backend.stats()).toMatchObject({ bytes: 0, blocks: 0, paged: 0 });
  });
});
