/**
 * VGG16 and ResNet-152: their blocks compute the same as Chainer's, small versions learn, whole ones have the
 * published sizes.
 */
import { describe, expect, it } from 'vitest';
import { BottleNeck, ResBlock, ResNet152 } from '../../examples/resnet152.js';
import { VGG16, VGGBlock } from '../../examples/vgg16.js';
import {
  asVariable,
  F,
  init,
  L,
  type Link,
  noBackpropMode,
  np,
  optimizers,
  Sequential,
  scope,
  serializers,
  usingConfig,
} from '../../src/index.js';
import { usingDevice } from '../../src/ndarray/device.js';
import { loadFixture, loadGroup, toDeviceArray } from '../support/load-fixture.js';

interface ModelCase {
  name: string;
  train?: boolean;
  weights?: { compressed: string };
  outputs: { name: string }[];
}

const inBrowser = typeof document !== 'undefined';
const { manifest, arrays } = await loadGroup<{ cases: ModelCase[] }>('models');
if (inBrowser) await init({ device: 'webgl' });
await init({ device: 'wasm' });
const DEVICES = inBrowser ? (['wasm', 'webgl'] as const) : (['wasm'] as const);

/** The block that a recorded case is about. */
const BLOCKS: Readonly<Record<string, () => VGGBlock | BottleNeck>> = {
  vggblock_8_2: () => new VGGBlock(8),
  vggblock_8_3: () => new VGGBlock(8, 3),
  bottleneck_8_4_16_s1_proj_test: () => new BottleNeck(8, 4, 16, 1, true),
  bottleneck_8_4_16_s1_proj_train: () => new BottleNeck(8, 4, 16, 1, true),
  bottleneck_8_4_16_s2_proj_test: () => new BottleNeck(8, 4, 16, 2, true),
  bottleneck_8_4_16_s2_proj_train: () => new BottleNeck(8, 4, 16, 2, true),
  bottleneck_16_4_16_s1_test: () => new BottleNeck(16, 4, 16),
  bottleneck_16_4_16_s1_train: () => new BottleNeck(16, 4, 16),
};

const weights = new Map<string, Uint8Array>();
for (const { name, weights: files } of manifest.cases) {
  if (BLOCKS[name] && files) weights.set(name, await loadFixture(`models/${files.compressed}`));
}

describe.each(DEVICES)('blocks on %s', (device) => {
  it.each(Object.keys(BLOCKS))('%s', (name) =>
    usingDevice(device, () =>
      scope(null, () => {
        const block = BLOCKS[name]();
        serializers.fromNpz(weights.get(name) as Uint8Array, block);
        block.toDevice(device);
        const train = manifest.cases.find((c) => c.name === name)?.train ?? false;
        const y = usingConfig('train', train, () => block(toDeviceArray(arrays.get(`${name}/x`)))).dataSync();
        const want = toDeviceArray(arrays.get(`${name}/y`)).dataSync();
        expect(y.length).toBe(want.length);
        const scale = Math.max(1, ...want.map(Math.abs));
        want.forEach((w, i) => {
          expect(Math.abs(y[i] - w), `y[${i}]: ${y[i]} for ${w}`).toBeLessThanOrEqual(
            1e-5 * scale + 1e-4 * Math.abs(w),
          );
        });
      }),
    ),
  );

  it.each<[string, () => Sequential]>([
    ['VGG', () => new Sequential(new VGGBlock(4), new VGGBlock(6, 3), new L.Linear(null, 3))],
    ['ResNet', () => new Sequential(new ResBlock(2, 3, 4, 8), new L.Linear(null, 3))],
  ])('a small %s learns a batch by heart', (_, make) =>
    usingDevice(device, () =>
      scope(null, () => {
        np.random.seed(7);
        const model = new L.Classifier(make());
        const [x, t] = [np.random.rand(6, 3, 8, 8), np.array([0, 1, 2, 0, 1, 2], 'int32')];
        model(x, t);
        const optimizer = new optimizers.Adam(0.02).setup(model);
        for (let step = 0; step < 40; step++) optimizer.update(() => model(x, t));
        expect(model(x, t).item()).toBeLessThan(0.1);
        expect(model.accuracy?.item()).toBe(1);
      }),
    ),
  );
});

const registered = (link: Link) => [...link.namedParams()].map(([path]) => path);

it('a block without projection registers none', () => {
  expect(registered(new BottleNeck(16, 4, 16)).filter((path) => /r\//.test(path))).toEqual([]);
  expect(registered(new BottleNeck(8, 4, 16, 1, true)).filter((path) => /r\//.test(path))).toEqual([
    '/bn_r/beta',
    '/bn_r/gamma',
    '/conv1x1r/W',
  ]);
});

// Sixty million weights are much for a page whose GPU is a CPU.
describe.skipIf(inBrowser)('whole networks', () => {
  const image = np.random.rand(1, 3, 32, 32);

  /** A network of this class, called once in test mode. */
  function probabilities(make: () => VGG16 | ResNet152): { count: number; paths: string[] } {
    return scope(null, () => {
      const model = make();
      const y = asVariable(usingConfig('train', false, () => noBackpropMode(() => model(image))));
      expect(y.shape).toEqual([1, 1000]);
      expect(F.sum(y).item()).toBeCloseTo(1, 5);
      return { count: model.countParams(), paths: registered(model) };
    });
  }

  it('VGG16 has its published size but for the first layer behind the image', { timeout: 60_000 }, () => {
    const { count, paths } = probabilities(() => new VGG16());
    // 138,357,544 at 224 × 224, where fc4 sees 512·7·7 numbers instead of 512.
    expect(count).toBe(138_357_544 - 4096 * 512 * (7 * 7 - 1));
    expect(paths).toContain('/4/fc6/b');
  });

  it('ResNet-152 has its published size', { timeout: 60_000 }, () => {
    const { count, paths } = probabilities(() => new ResNet152());
    expect(count).toBe(60_192_808);
    expect(paths).toContain('/res4/35/bn_c/gamma');
  });
});
