/** LeNet5 learns MNIST in a page, on the GPU and on the CPU, and two thousand steps leave no texture behind. */
import { expect, it } from 'vitest';
import { LeNet5 } from '../../examples/lenet5.js';
import { parseIdx } from '../../src/formats/idx.js';
import {
  type DeviceName,
  datasets,
  F,
  init,
  iterators,
  L,
  noBackpropMode,
  np,
  optimizers,
  scope,
  training,
  usingConfig,
} from '../../src/index.js';

const STEPS = 2000;
const BATCH = 16;
const TESTED = 2000;

await init({ device: 'webgl' });
await init({ device: 'wasm' });

/** The IDX file of this name: the package that carries MNIST is the page's public folder. */
async function idx(name: string) {
  const response = await fetch(`/${name}`);
  return parseIdx(new Uint8Array(await response.arrayBuffer()));
}

/** The first `count` examples of MNIST's `train` or `t10k` files. */
async function digits(name: string, count: number) {
  const [images, labels] = await Promise.all([idx(`${name}-images-idx3-ubyte`), idx(`${name}-labels-idx1-ubyte`)]);
  const pixels = Float32Array.from(images.data as Uint8Array, (byte) => byte / 255).subarray(0, count * 784);
  return new datasets.TupleDataset(
    new datasets.ArrayDataset(pixels, [1, 28, 28]),
    Int32Array.from(labels.data as Uint8Array).subarray(0, count),
  );
}

const train = await digits('train', STEPS * BATCH);
const test = await digits('t10k', TESTED);

/** The accuracy after training from seed 0, and what the device held after an eighth of the steps and at the end. */
async function learn(device: DeviceName) {
  np.random.seed(0);
  const model = new L.Classifier(new LeNet5());
  model.predictor(np.zeros([1, 1, 28, 28]));
  model.toDevice(device);
  const updater = new training.StandardUpdater(
    new iterators.SerialIterator(train, BATCH),
    new optimizers.Adam(0.004).setup(model),
    { device },
  );
  const held: unknown[] = [];
  for (let step = 1; step <= STEPS; step++) {
    await updater.update();
    if (step === STEPS / 8 || step === STEPS) held.push({ arrays: np.memory().arrays, ...np.memory().devices[device] });
  }
  let correct = 0;
  for (let first = 0; first < TESTED; first += 500) {
    const examples = Array.from({ length: 500 }, (_, i) => test.get(first + i));
    const hits = scope(null, () => {
      const [x, t] = datasets.concatExamples(examples, device);
      return usingConfig('train', false, () => noBackpropMode(() => F.accuracy(model.predictor(x), t).item()));
    });
    correct += 500 * hits;
  }
  return { accuracy: correct / TESTED, held };
}

it('trains to the same accuracy on both devices, with memory flat', { timeout: 600_000 }, async () => {
  const wasm = await learn('wasm');
  const webgl = await learn('webgl');
  expect(wasm.accuracy).toBeGreaterThan(0.93);
  expect(Math.abs(webgl.accuracy - wasm.accuracy)).toBeLessThan(0.01);
  expect(webgl.held[1]).toEqual(webgl.held[0]);
});
