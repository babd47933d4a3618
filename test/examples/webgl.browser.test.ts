/** The programs of examples/ on the GPU: WebGL2 is the default device before they are read. */
import { expect, it, vi } from 'vitest';
import { asVariable, F, init, L, noBackpropMode, np, usingConfig } from '../../src/index.js';
import { vggNet } from '../support/caffe-nets.js';
import { encodeCaffemodel } from '../support/caffemodel.js';

await init({ device: 'webgl' });
vi.spyOn(console, 'log').mockImplementation(() => {});

const inTest = <T>(fn: () => T): T => usingConfig('train', false, () => noBackpropMode(fn));

it('LeNet5 as a class, its loss by hand and by Classifier', async () => {
  np.random.seed(1);
  const { losses } = await import('../../examples/forward-loss.js');
  expect(losses[0]).toBeCloseTo(losses[1], 5);
  expect(losses[2]).toBeLessThan(losses[0]);
  const { LeNet5 } = await import('../../examples/lenet5.js');
  const y = asVariable(inTest(() => new LeNet5()(np.random.rand(2, 1, 28, 28))));
  expect(y.array.device.name).toBe('webgl');
  expect(F.sum(y).item()).toBeCloseTo(2, 4);
});

it('LeNet5 as a list, and as a Sequential', async () => {
  const { LeNet5, makeSequential } = await import('../../examples/lenet5-list.js');
  const { LeNet5: ByClass } = await import('../../examples/lenet5.js');
  const x = np.random.rand(2, 1, 28, 28);
  const [list, byClass] = [new LeNet5(), new ByClass()];
  byClass(x);
  list(x);
  list.copyparams(byClass);
  expect(list(x).tolist()).toEqual(byClass(x).tolist());
  expect(makeSequential()(x).shape).toEqual([2, 10]);
});

it('VGG16 and ResNet-152 in blocks', async () => {
  const { VGGBlock } = await import('../../examples/vgg16.js');
  const { ResBlock } = await import('../../examples/resnet152.js');
  const image = np.random.rand(1, 3, 16, 16);
  const features = asVariable(new ResBlock(2, 8, 4, 16)(new VGGBlock(8)(image)));
  expect(features.shape).toEqual([1, 16, 4, 4]);
  F.sum(features).backward();
  expect(features.array.device.name).toBe('webgl');
});

it('networks that others have trained: features and probabilities of a picture', async () => {
  const width = 1 / 32;
  const file = encodeCaffemodel(vggNet([2, 2, 3, 3, 3], width));
  class Narrow extends L.VGG16Layers {
    constructor(options: L.ImageNetOptions = {}) {
      super({ ...options, width });
    }
  }
  const vgg = await Narrow.load(file);
  const picture = {
    width: 40,
    height: 30,
    channels: 3,
    data: Uint8Array.from({ length: 3600 }, (_, i) => (i * 7) % 256),
  };
  const { fc7 } = inTest(() => vgg.extract([picture], { layers: ['fc7'] }));
  expect(fc7.shape).toEqual([1, 4096 * width]);
  const probabilities = vgg.predict([picture], { oversample: true });
  expect(probabilities.array.device.name).toBe('webgl');
  expect(F.sum(probabilities).item()).toBeCloseTo(1, 4);
});
