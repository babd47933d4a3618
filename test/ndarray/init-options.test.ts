/** `init` refuses unknown values of its options before it changes anything. */
import { describe, expect, it } from 'vitest';
import { DeviceError, getRuntimeInfo, init, MemoryError, np, ValueError } from '../../src/index.js';

describe('init refuses', () => {
  const refused: readonly (readonly [
    options: object,
    error: abstract new (...args: never[]) => Error,
    message: RegExp,
  ])[] = [
    [{ device: 'gpu' }, DeviceError, /no device 'gpu'; there are 'wasm' and 'webgl'/],
    [{ device: 'constructor' }, DeviceError, /no device 'constructor'/],
    [{ device: Symbol('x') }, DeviceError, /no device 'Symbol\(x\)'/],
    [{ threads: 0 }, ValueError, /0 is neither a positive integer nor 'auto'/],
    [{ threads: 1.5 }, ValueError, /1.5 is neither/],
    [{ threads: 'many' }, ValueError, /the text 'many' is neither/],
    [{ maxMemory: -1 }, ValueError, /-1 is not a number of bytes/],
    [{ maxMemory: '64 MB' }, ValueError, /the text '64 MB' is not a number of bytes/],
    [{ maxMemory: Number.NaN }, ValueError, /NaN is not a number of bytes/],
    [{ maxMemory: 1 }, MemoryError, /cannot be limited to 1 bytes/],
    [{ checked: 'yes' }, ValueError, /init\(\{ checked \}\): the text 'yes' is neither true nor false/],
    [{ winograd: 0 }, ValueError, /init\(\{ winograd \}\): 0 is neither/],
    [{ keepWritten: 1 }, ValueError, /init\(\{ keepWritten \}\): 1 is neither/],
    [{ maxmemory: 5 }, TypeError, /no option 'maxmemory'; there are .*maxMemory/],
    [{ toString: 1 }, TypeError, /no option 'toString'/],
  ];
  for (const [options, error, message] of refused) {
    it(Object.entries(options).flat().map(String).join(' '), async () => {
      np.zeros([1]);
      const before = getRuntimeInfo();
      await expect(init(options)).rejects.toThrow(error);
      await expect(init(options)).rejects.toThrow(message);
      expect(getRuntimeInfo()).toEqual(before);
    });
  }
});

it('init({ maxMemory }) limits arrays, and getRuntimeInfo says so', async () => {
  const maxMemory = 64 * 2 ** 20;
  await init({ maxMemory });
  expect(getRuntimeInfo().devices.find(({ name }) => name === 'wasm')?.maxMemory).toBe(maxMemory);
  expect(() => np.zeros([2 ** 26])).toThrow(MemoryError);
  expect(np.ones([1000]).sum().item()).toBe(1000);
  await init({ maxMemory: 2 ** 32 });
});
