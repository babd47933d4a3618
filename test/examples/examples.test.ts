/** The programs of examples/ run, and do what they say, on small inputs. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { datasets, L, np } from '../../src/index.js';
import { RESNET_BLOCKS, resNet, vggNet } from '../support/caffe-nets.js';
import { encodeCaffemodel } from '../support/caffemodel.js';

let printed: string[] = [];

beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void printed.push(String(line)));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  np.random.seed(1);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('forward-loss', () => {
  it('gives one loss by hand and by Classifier, and learns', async () => {
    const { losses } = await import('../../examples/forward-loss.js');
    expect(losses[0]).toBeCloseTo(losses[1], 6);
    expect(losses[2]).toBeLessThan(losses[0]);
    expect(printed.some((line) => line.includes('/conv1/W'))).toBe(true);
  });
});

describe('lenet5-list', () => {
  it('has the parameters of the class', async () => {
    const { LeNet5: List, makeSequential } = await import('../../examples/lenet5-list.js');
    const { LeNet5 } = await import('../../examples/lenet5.js');
    const x = np.random.rand(1, 1, 28, 28);
    const [list, byClass, sequential] = [new List(), new LeNet5(), makeSequential()];
    for (const model of [list, byClass, sequential]) model(x);
    const shapes = (model: typeof list | typeof byClass) =>
      [...model.namedParams()].map(([path, { shape }]) => [path, shape]);
    expect(shapes(list)).toEqual(shapes(byClass));
    expect(sequential.countParams()).toBe(byClass.countParams());
    list.copyparams(byClass);
    expect(list(x).tolist()).toEqual(byClass(x).tolist());
  });
});

describe('pretrained', () => {
  const WIDTH = 1 / 32;
  class VGG16Layers extends L.VGG16Layers {
    constructor(options: L.ImageNetOptions = {}) {
      super({ ...options, width: WIDTH });
    }
  }
  class ResNet152Layers extends L.ResNet152Layers {
    constructor(options: L.ImageNetOptions = {}) {
      super({ ...options, width: WIDTH });
    }
  }

  it('finds one network in the cache, the other in a file, and looks at a picture', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'rensa-'));
    const root = datasets.getDatasetRoot();
    datasets.setDatasetRoot(directory);
    vi.spyOn(console, 'info').mockImplementation((line) => void printed.push(String(line)));
    try {
      const file = (name: string) => join(directory, name);
      const pixels = Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 7) % 256);
      await writeFile(file('picture.png'), encode({ width: 40, height: 30, channels: 3, data: pixels }));
      await writeFile(file('VGG_ILSVRC_16_layers.caffemodel'), encodeCaffemodel(vggNet([2, 2, 3, 3, 3], WIDTH)));
      await writeFile(file('ResNet-152-model.caffemodel'), encodeCaffemodel(resNet(RESNET_BLOCKS[152], WIDTH)));
      const { look } = await import('../../examples/pretrained.js');
      const { fc7, probabilities } = await look(file('picture.png'), file('ResNet-152-model.caffemodel'), {
        VGG16Layers,
        ResNet152Layers,
      });
      expect(fc7.shape).toEqual([1, 4096 * WIDTH]);
      expect(np.sum(probabilities.array).item()).toBeCloseTo(1, 4);
      expect(await readdir(directory)).toContain('VGG_ILSVRC_16_layers.npz');
      expect(printed.join('\n')).toMatch(/was converted.*\n.*conv1_1.*\n.*features[\s\S]*ResNet152: likeliest/);
    } finally {
      datasets.setDatasetRoot(root);
      await rm(directory, { recursive: true });
    }
  });
});

/** An IDX file of random bytes below `below`. */
function idx(shape: number[], below: number): Uint8Array {
  const header = [0, 0, 8, shape.length, ...shape.flatMap((n) => [n >>> 24, n >>> 16, n >>> 8, n].map((b) => b & 255))];
  const size = shape.reduce((a, b) => a * b);
  return Uint8Array.from([...header, ...np.random.randint(0, below, [size]).dataSync()]);
}

describe('train-mnist', () => {
  const { argv } = process;
  let directory = '';

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rensa-'));
    for (const [name, n] of [
      ['train', 96],
      ['t10k', 20],
    ] as const) {
      await writeFile(join(directory, `${name}-images-idx3-ubyte`), idx([n, 28, 28], 256));
      await writeFile(join(directory, `${name}-labels-idx1-ubyte`), idx([n], 10));
    }
  });
  afterEach(async () => {
    process.argv = argv;
    await rm(directory, { recursive: true });
  });

  it('trains, saves, loads and shows', async () => {
    const out = join(directory, 'result');
    process.argv = [...argv.slice(0, 2), '--data', directory, '--epochs', '2', '--out', out];
    await import('../../examples/train-mnist.js');
    expect(await readdir(out)).toEqual(['lenet5.npz', 'lenet5.onnx', 'log']);
    expect(JSON.parse(await readFile(join(out, 'log'), 'utf8'))).toMatchObject([
      { epoch: 1, iteration: 3 },
      { epoch: 2, iteration: 6 },
    ]);
    const text = printed.join('\n');
    expect(text).toMatch(/epoch {7}main\/loss {3}main\/accuracy/);
    expect(text).toMatch(/labels: (\d ){9}\d/);
    expect(text).toMatch(/[▀▄█]/);
  });
});
