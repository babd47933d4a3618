/** Kernels that the program supplies are the ones that run; other values are refused by name. */
import { readFileSync } from 'node:fs';
import { beforeEach, expect, test, vi } from 'vitest';

const bytes = readFileSync('src/backends/wasm/generated/simd.wasm');

/** The package as a new program finds it: no device is in use yet. */
let rensa: typeof import('../../../src/index.js');
beforeEach(async () => {
  vi.resetModules();
  rensa = await import('../../../src/index.js');
});

test.each([
  ['a module', () => new WebAssembly.Module(bytes)],
  ['bytes', () => bytes],
  ['a buffer', () => new Uint8Array(bytes).buffer],
  ['a response', () => new Response(bytes)],
  ['a URL', () => new URL(`data:application/wasm;base64,${bytes.toString('base64')}`)],
])('%s computes', async (_name, source) => {
  const instantiated = vi.spyOn(WebAssembly, 'Module');
  const wasm = source();
  instantiated.mockClear();
  await rensa.init({ wasm });
  expect(rensa.np.array([1, 2, 3]).add(1).tolist()).toEqual([2, 3, 4]);
  expect(instantiated, 'the inlined kernels are not compiled').not.toHaveBeenCalled();
  instantiated.mockRestore();
});

test('the inference kernels compute, and name the operations that they lack', async () => {
  await rensa.init({ wasm: readFileSync('src/backends/wasm/generated/inference-simd.wasm') });
  const x = rensa.np.ones([2, 3]);
  expect(rensa.np.sum(x).item()).toBe(6);
  const draw = () => rensa.getDevice('wasm').random('uniform', 0, 0, x);
  expect(draw).toThrow(rensa.DeviceError);
  expect(draw).toThrow(/wasm: randomF32 is not among these kernels/);
});

test('bytes that are not WebAssembly, and a missing file, are refused', async () => {
  const refusal = async (wasm: Parameters<typeof rensa.init>[0]) =>
    expect(rensa.init(wasm)).rejects.toThrow(rensa.DeviceError);
  await refusal({ wasm: new Uint8Array([1, 2, 3]) });
  await refusal({ wasm: new Response('', { status: 404 }) });
  for (const wasm of ['kernels.wasm', {}, 5, null]) await refusal({ wasm: wasm as never });
  // A refused module is not kept.
  expect(rensa.np.ones([2]).add(1).tolist()).toEqual([2, 2]);
});

test('kernels that already run cannot be replaced', async () => {
  rensa.np.zeros([1]);
  await expect(rensa.init({ wasm: bytes })).rejects.toThrow(/before first use/);
});
