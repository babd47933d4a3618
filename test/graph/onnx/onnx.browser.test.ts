/** A network read from an ONNX file gives the same answers on the GPU as on the CPU. */
import { expect, it } from 'vitest';
import { type DeviceName, init, np, readOnnx, usingDevice } from '../../../src/index.js';

await init({ device: 'webgl' });
await init({ device: 'wasm' });

it('LeNet5, trained and written with weights of 16 bits', async () => {
  const response = await fetch('/examples/edge-worker/lenet5.onnx');
  const bytes = new Uint8Array(await response.arrayBuffer());
  const pixels = Float32Array.from({ length: 784 }, (_, i) => Number(i % 28 > 12 && i % 28 < 16 && i > 100 && i < 700));
  const read = (device: DeviceName) =>
    usingDevice(device, () => {
      using model = readOnnx(bytes, { device });
      const y = model(np.array(pixels, 'float32').reshape([1, 1, 28, 28]));
      expect(y.device.name).toBe(device);
      return Array.from(y.dataSync());
    });
  const [onWasm, onWebgl] = [read('wasm'), read('webgl')];
  expect(onWasm.indexOf(Math.max(...onWasm))).toBe(1);
  onWasm.forEach((p, digit) => {
    expect(onWebgl[digit]).toBeCloseTo(p, 5);
  });
});
