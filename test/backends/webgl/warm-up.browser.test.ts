/** Kernels compiled before they are needed. */
import { expect, test } from 'vitest';
import { createWebglBackend } from '../../../src/backends/webgl/index.js';
import { Chain, compile, DeviceError, init, L, np, usingDevice, type VariableLike } from '../../../src/index.js';

test('warming up compiles what the work needs and computes nothing', async () => {
  const backend = createWebglBackend();
  const [x, sum] = [
    { shape: [64], dtype: 'float32' as const, memory: backend.alloc(64, 'float32') },
    { shape: [], dtype: 'float32' as const, memory: backend.alloc(1, 'float32') },
  ];
  backend.write(x.memory, new Float32Array(64).fill(1));
  const work = () => {
    backend.fill(x, 5);
    backend.unary('sqrt', x, x);
    backend.binary('add', x, 2, x);
    backend.reduce('sum', x, [0], sum);
  };
  await backend.warmUp(work);
  const { programs } = backend.stats();
  expect(programs).toBeGreaterThanOrEqual(3);
  expect(backend.readSync(x.memory)).toEqual(new Float32Array(64).fill(1));
  work();
  expect(backend.stats().programs).toBe(programs);
  expect(backend.readSync(sum.memory)[0]).toBeCloseTo(64 * (Math.sqrt(5) + 2), 3);
});

class Model extends Chain {
  fc = new L.Linear(6, 3);

  forward(x: VariableLike) {
    return this.fc(x);
  }
}

test('weights are kept as float32 alone', async () => {
  await init({ device: 'webgl' });
  const make = () => usingDevice('webgl', () => compile(new Model(), [np.ones([2, 6])], { weights: 'float16' }));
  expect(make).toThrow(DeviceError);
});

test('a compiled model is warmed up', async () => {
  await init({ device: 'webgl' });
  const model = new Model();
  const predict = usingDevice('webgl', () => compile(model, [np.ones([2, 6])]));
  await predict.warmUp(np.ones([5, 6]));
  const x = np.random.rand(5, 6);
  const [got, want] = [predict(x).dataSync(), model(x).array.dataSync()];
  for (const [i, y] of got.entries()) expect(y).toBeCloseTo(want[i], 5);
});
