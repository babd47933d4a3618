/** Text of arrays on WebGL2: shape, dtype and the way to read them. Printing must not wait for the GPU. */
import { beforeAll, expect, test, vi } from 'vitest';
import { DeviceError, F, getDevice, init, np, usingDevice, Variable } from '../../src/index.js';

beforeAll(() => init({ device: 'webgl' }));

test('an array on WebGL2 is not read', () => {
  const x = usingDevice('webgl', () => np.array([[1, 2, 3]]));
  const read = vi.spyOn(getDevice('webgl'), 'readSync');
  expect(String(x)).toBe('array(await x.data(), shape=(1, 3), dtype=float32, device=webgl)');
  const y = F.relu(new Variable(x));
  expect(String(y)).toMatch(
    /^variable\(await x\.data\(\),\s+shape=\(1, 3\), dtype=float32, device=webgl, creator=ReLU\)$/,
  );
  expect(() => JSON.stringify({ x })).toThrow(DeviceError);
  expect(() => JSON.stringify({ y })).toThrow('await x.data()');
  expect(read).not.toHaveBeenCalled();
});
