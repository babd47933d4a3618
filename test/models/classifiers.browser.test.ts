/**
 * Networks for ImageNet, at a quarter of their width, give the same scores on the GPU as on the CPU, plain and
 * compiled.
 */
import { expect, test } from 'vitest';
import { compile, cuda, init, L, noBackpropMode, np, scope, usingConfig, type VariableLike } from '../../src/index.js';

await init({ device: 'webgl' });
await init({ device: 'wasm' });

const WIDTH = 0.25;

test.each([
  ['VGG16', 'fc8', () => new L.VGG16Layers({ width: WIDTH })],
  ['ResNet-50', 'fc6', () => new L.ResNet50Layers({ width: WIDTH })],
  ['GoogLeNet', 'loss3_fc', () => new L.GoogLeNet({ width: WIDTH })],
] as const)('%s', { timeout: 120_000 }, (_, layer, make) => {
  np.random.seed(0);
  const model = make();
  const image = np.random.randn(1, 3, 224, 224);
  const scores = (x: VariableLike) => model.forward(x, [layer])[layer];
  const run = (fn: () => Float32Array) => scope(model, () => usingConfig('train', false, () => noBackpropMode(fn)));
  const onWasm = run(() => scores(image).dataSync() as Float32Array);
  model.toDevice('webgl');
  const moved = cuda.toDevice(image, 'webgl');
  const onWebgl = run(() => scores(moved).dataSync() as Float32Array);
  const predict = compile(scores, [moved]);
  const compiled = run(() => predict(moved).dataSync() as Float32Array);
  const largest = Math.max(...onWasm.map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  for (const got of [onWebgl, compiled]) {
    const off = got.map((score, i) => Math.abs(score - onWasm[i]));
    expect(Math.max(...off) / largest).toBeLessThan(1e-3);
  }
});
