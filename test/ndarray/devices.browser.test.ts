/** Arrays on two devices: calls that mix them are refused, and arrays move between devices. */
import { beforeAll, expect, test } from 'vitest';
import { DeviceError, F, init, L, np, usingDevice, Variable } from '../../src/index.js';

beforeAll(async () => {
  await init({ device: 'webgl' });
  await init({ device: 'wasm' });
});

test('one operation refuses arrays of two devices, and names both', () => {
  const [a, b] = [np.ones([2, 3]), np.ones([2, 3], { device: 'webgl' })];
  for (const run of [
    () => np.add(a, b),
    () => np.matmul(a, b.transpose()),
    () => np.concatenate([a, b]),
    () => F.linear(a, b),
    () => F.add(new Variable(a), new Variable(b)),
  ]) {
    expect(run).toThrow(DeviceError);
    expect(run).toThrow(/'wasm'.*'webgl'.*toDevice/);
  }
});

test('arrays and links move, values and gradients with them', async () => {
  const x = np.array([[1, 2, 3]]);
  const link = new L.Linear(3, 2);
  link(x).sum().backward();
  const [before, gradient] = [link(x).tolist(), link.W.grad?.tolist()];
  link.toDevice('webgl');
  expect(link.W.array.device.name).toBe('webgl');
  expect(link.W.grad?.tolist()).toEqual(gradient);
  const y = link(x.toDevice('webgl'));
  expect(y.array.device.name).toBe('webgl');
  const values = await y.data();
  for (const [i, v] of [...values].entries()) expect(v).toBeCloseTo((before as number[][])[0][i], 5);
  expect(usingDevice('webgl', () => np.zeros(1).device.name)).toBe('webgl');
  expect(np.zeros(1).device.name).toBe('wasm');
});
