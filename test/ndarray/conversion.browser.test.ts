/** Lists, arrays in lists, and numbers beside integers give the same on WebGL2 as on wasm. */
import { beforeAll, expect, it } from 'vitest';
import { F, init, np, ValueError } from '../../src/index.js';

beforeAll(() => init({ device: 'webgl' }));

it('lists of arrays stay on their device', async () => {
  const x = np.array([np.array([1, 2]), [3, 4], np.array([5, 6], 'int32')]);
  expect([x.device.name, x.dtype, x.shape]).toEqual(['webgl', 'float32', [3, 2]]);
  expect([...(await x.data())]).toEqual([1, 2, 3, 4, 5, 6]);
});

it('pictures of a canvas', async () => {
  const image = new ImageData(
    Uint8ClampedArray.from({ length: 24 }, (_, i) => i * 10),
    3,
    2,
  );
  const x = np.array(image);
  expect([x.dtype, x.shape]).toEqual(['uint8', [2, 3, 4]]);
  expect([...(await x.data())]).toEqual([...image.data]);
});

it('lists beside arrays', async () => {
  const x = np.array([1, 2], 'int32');
  const sum = x.add([3, 4]);
  expect(sum.dtype).toBe('int32');
  expect([...(await sum.data())]).toEqual([4, 6]);
  expect([...(await F.mul([2, 3], np.array([4, 5])).data())]).toEqual([8, 15]);
});

it('integers and numbers that int32 cannot hold', async () => {
  const x = np.array([-2147483648, 5, 2147483647], 'int32');
  expect([...(await np.less(x, 3e9).data())]).toEqual([1, 1, 1]);
  expect([...(await np.greaterEqual(x, 2147483647).data())]).toEqual([0, 0, 1]);
  expect([...(await np.less(5.5, x).data())]).toEqual([0, 0, 1]);
  expect(() => x.add(3e9)).toThrow(ValueError);
});
