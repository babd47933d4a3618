/** Compiled functions draw the same numbers on the GPU as on the CPU, at each run. */
import { expect, it } from 'vitest';
import { compile, type DeviceName, F, init, np, usingConfig, usingDevice, type VariableLike } from '../../src/index.js';

await init({ device: 'webgl' });
await init({ device: 'wasm' });

const noisy = (x: VariableLike) =>
  usingConfig('train', true, () => F.add(F.dropout(x, 0.4), F.mul(F.gaussian(x, x), 0.125)));

it('compiled draws are those of wasm', () => {
  const draw = (device: DeviceName): number[][] =>
    usingDevice(device, () => {
      const x = np.ones([3, 5]);
      np.random.seed(21);
      using predict = compile(noisy, [x]);
      return [0, 1, 2].map(() => Array.from(predict(x).dataSync()));
    });
  const [onWasm, onWebgl] = [draw('wasm'), draw('webgl')];
  expect(onWasm[1]).not.toEqual(onWasm[0]);
  for (const [run, row] of onWasm.entries())
    for (const [i, v] of row.entries()) expect(onWebgl[run][i], `run ${run}, element ${i}`).toBeCloseTo(v, 5);
});
