/**
 * Devices that render to half floats only: refused by default; where allowed, reported, exact within half precision,
 * and able to train.
 */
import { expect, test } from 'vitest';
import { selfTest } from '../../../src/backends/self-test/index.js';
import { createWebglBackend } from '../../../src/backends/webgl/index.js';
import { DeviceError } from '../../../src/errors.js';
import { F, getRuntimeInfo, init, L, np, optimizers, Sequential } from '../../../src/index.js';
import { canvasWithoutExtension } from './canvas.js';

const withoutFloats = () => canvasWithoutExtension('EXT_color_buffer_float');

test('float32 is refused, and the error names the way out', () => {
  const make = () => createWebglBackend({ canvas: withoutFloats() });
  expect(make).toThrow(DeviceError);
  expect(make).toThrow(/EXT_color_buffer_float.*precision: 'auto'/);
});

test("'auto' takes what the device has", () => {
  expect(createWebglBackend({ precision: 'auto' }).precision).toBe('float32');
  expect(createWebglBackend({ precision: 'auto', canvas: withoutFloats() }).precision).toBe('float16');
});

test('the self-test passes, measured by the spacing of halves', () => {
  const report = selfTest(createWebglBackend({ precision: 'auto', canvas: withoutFloats() }));
  expect(report.precision).toBe('float16');
  expect(report.operations.filter(({ passed }) => !passed)).toEqual([]);
});

test('arrays take half the memory, and numbers beyond the range of halves become infinite', () => {
  const [half, whole] = [createWebglBackend({ precision: 'float16' }), createWebglBackend()];
  const [a, b] = [half.alloc(1024, 'float32'), whole.alloc(1024, 'float32')];
  expect(half.stats().bytes).toBe(whole.stats().bytes / 2);
  const values = Float32Array.from({ length: 1024 }, (_, i) => i / 3);
  values[7] = 1e6;
  for (const [backend, memory] of [[half, a] as const, [whole, b] as const]) backend.write(memory, values);
  expect(whole.readSync(b)).toEqual(values);
  const held = half.readSync(a);
  expect(held[7]).toBe(Number.POSITIVE_INFINITY);
  for (let i = 8; i < 1024; i++) expect(Math.abs(held[i] / values[i] - 1)).toBeLessThanOrEqual(2 ** -10);
});

test('a network learns', async () => {
  await init({ device: 'webgl', precision: 'float16' });
  expect(getRuntimeInfo().devices.find(({ name }) => name === 'webgl')?.precision).toBe('float16');
  np.random.seed(5);
  const model = new L.Classifier(
    new Sequential(new L.Convolution2D(1, 4, 3), F.relu, new F.MaxPooling2D(2, 2), new L.Linear(null, 3)),
  );
  const [x, t] = [np.random.rand(12, 1, 8, 8), np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], 'int32')];
  model(x, t);
  const optimizer = new optimizers.MomentumSGD(0.05).setup(model);
  for (let step = 0; step < 120; step++) optimizer.update(() => model(x, t));
  expect(model(x, t).item()).toBeLessThan(0.3);
});
