/**
 * Networks with weights of .caffemodel files. Oracle: `L.CaffeFunction`, which runs the same files layer by layer as they say,
 * and is itself checked against Chainer.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeBlob, parseCaffemodel } from '../../../../src/formats/caffemodel.js';
import { narrow } from '../../../../src/formats/host-array.js';
import {
  datasets,
  FormatError,
  KeyError,
  L,
  np,
  ShapeError,
  scope,
  serializers,
  slice,
  usingConfig,
  ValueError,
} from '../../../../src/index.js';
import { googLeNet, RESNET_BLOCKS, resNet, vggNet } from '../../../support/caffe-nets.js';
import { encodeCaffemodel, type LayerSpec } from '../../../support/caffemodel.js';
import { FileServer } from '../../../support/file-server.js';

const WIDTH = 1 / 32;

class SmallVGG16 extends L.VGG16Layers {
  constructor(options: L.ImageNetOptions = {}) {
    super({ ...options, width: WIDTH });
  }
}
class SmallVGG19 extends L.VGG19Layers {
  constructor(options: L.ImageNetOptions = {}) {
    super({ ...options, width: WIDTH });
  }
}
class SmallResNet50 extends L.ResNet50Layers {
  constructor(options: L.ImageNetOptions = {}) {
    super({ ...options, width: WIDTH });
  }
}
class SmallResNet101 extends L.ResNet101Layers {
  constructor(options: L.ImageNetOptions = {}) {
    super({ ...options, width: WIDTH });
  }
}
class SmallResNet152 extends L.ResNet152Layers {
  constructor(options: L.ImageNetOptions = {}) {
    super({ ...options, width: WIDTH });
  }
}
class SmallGoogLeNet extends L.GoogLeNet {
  constructor(options: L.ImageNetOptions = {}) {
    super({ ...options, width: WIDTH });
  }
}

/** A file, how it is loaded, and Caffe's names of some layers' outputs. */
interface Net {
  readonly load: (source: Uint8Array) => Promise<L.ImageNetModel>;
  readonly net: LayerSpec[];
  readonly blobs: Readonly<Record<string, string>>;
}

const NETS = {
  VGG16: {
    load: (source) => SmallVGG16.load(source),
    net: vggNet([2, 2, 3, 3, 3], WIDTH),
    blobs: { conv1_1: 'conv1_1', pool5: 'pool5', fc7: 'fc7', prob: 'prob' },
  },
  VGG19: {
    load: (source) => SmallVGG19.load(source),
    net: vggNet([2, 2, 4, 4, 4], WIDTH),
    blobs: { conv5_4: 'conv5_4', fc8: 'fc8' },
  },
  ResNet50: {
    load: (source) => SmallResNet50.load(source),
    net: resNet(RESNET_BLOCKS[50], WIDTH),
    blobs: { conv1: 'conv1', res2: 'res2c', res5: 'res5c', fc6: 'fc1000', prob: 'prob' },
  },
  ResNet101: {
    load: (source) => SmallResNet101.load(source),
    net: resNet(RESNET_BLOCKS[101], WIDTH),
    blobs: { res4: 'res4b22', fc6: 'fc1000' },
  },
  ResNet152: {
    load: (source) => SmallResNet152.load(source),
    net: resNet(RESNET_BLOCKS[152], WIDTH),
    blobs: { res3: 'res3b7', fc6: 'fc1000' },
  },
  GoogLeNet: {
    load: (source) => SmallGoogLeNet.load(source),
    net: googLeNet(WIDTH),
    blobs: {
      conv2: 'conv2/norm2',
      inception_4d: 'inception_4d/output',
      loss1_fc2: 'loss1/classifier',
      loss2_fc2: 'loss2/classifier',
      prob: 'prob',
    },
  },
} satisfies Record<string, Net>;

const x = new np.random.RandomState(1).uniform(-100, 100, 3 * 224 * 224);
const images = () => np.reshape(np.array(Float32Array.from(x)), [1, 3, 224, 224]);

test.each(Object.entries(NETS))('%s computes the net of its file', async (_, { load, net, blobs }: Net) => {
  const bytes = encodeCaffemodel(net);
  const model = await load(bytes);
  const caffe = new L.CaffeFunction(bytes);
  scope(null, () =>
    usingConfig('train', false, () => {
      const found = model(images(), Object.keys(blobs));
      expect(Object.keys(found).sort()).toEqual(Object.keys(blobs).sort());
      const wanted = caffe({ data: images() }, Object.values(blobs));
      for (const [i, layer] of Object.keys(blobs).entries()) {
        const [got, want] = [found[layer], wanted[i]].map((y) => Array.from(y.dataSync()));
        expect(got.length, layer).toBe(want.length);
        const scale = want.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
        const error = want.reduce((most, v, k) => Math.max(most, Math.abs(v - got[k])), 0);
        expect(scale, layer).toBeGreaterThan(0);
        expect(error / scale, layer).toBeLessThan(1e-4);
      }
    }),
  );
});

describe('load', () => {
  const bytes = encodeCaffemodel(NETS.VGG16.net);
  let cacheDirectory = '';
  beforeEach(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'rensa-'));
  });
  afterEach(() => rm(cacheDirectory, { recursive: true }));
  const weights = (model: L.ImageNetModel) => Array.from(model.params(), (param) => Array.from(param.dataSync()));

  test('takes .npz files, those that were converted among them', async () => {
    const source = join(cacheDirectory, 'vgg.caffemodel');
    const path = join(cacheDirectory, 'vgg.npz');
    await writeFile(source, bytes);
    await SmallVGG16.convertCaffemodelToNpz(source, path);
    const [converted, direct] = [await SmallVGG16.load(path), await SmallVGG16.load(new Blob([new Uint8Array(bytes)]))];
    expect(converted).toBeInstanceOf(L.VGG16Layers);
    expect(weights(converted)).toEqual(weights(direct));
    // A net saved as it is in the file has the same names: that is how Chainer converts it.
    serializers.fromNpz(serializers.toNpz(new L.CaffeFunction(bytes)), converted);
    expect(weights(converted)).toEqual(weights(direct));
  });

  test("'auto' converts a cached file, once", async () => {
    const said: string[] = [];
    const load = () => SmallVGG16.load('auto', { cacheDirectory, log: (line) => said.push(line) });
    await writeFile(join(cacheDirectory, 'VGG_ILSVRC_16_layers.caffemodel'), bytes);
    const first = await load();
    expect(said).toEqual([
      `VGG_ILSVRC_16_layers.caffemodel was converted and is kept as VGG_ILSVRC_16_layers.npz in ${cacheDirectory}`,
    ]);
    expect(await readdir(cacheDirectory)).toContain('VGG_ILSVRC_16_layers.npz');
    await rm(join(cacheDirectory, 'VGG_ILSVRC_16_layers.caffemodel'));
    expect(weights(await load())).toEqual(weights(first));
    expect(said.length).toBe(1);
  });

  test("'auto' downloads a missing file, and reports it", async () => {
    const server = new FileServer();
    const url = `${await server.start()}/small.caffemodel`;
    class Downloaded extends SmallVGG16 {
      protected override readonly pretrained = { npz: 'small.npz', caffemodel: 'small.caffemodel', url, page: '' };
    }
    server.files.set('small.caffemodel', bytes);
    server.breaks.push(100_000);
    const said: string[] = [];
    const seen: number[] = [];
    const onProgress = ({ received }: { received: number }) => seen.push(received);
    const load = () => Downloaded.load('auto', { cacheDirectory, onProgress, log: (line) => said.push(line) });
    try {
      expect(weights(await load())).toEqual(weights(await SmallVGG16.load(bytes)));
      expect(said).toEqual([
        `downloading ${url} to ${cacheDirectory}`,
        `small.caffemodel was converted and is kept as small.npz in ${cacheDirectory}`,
      ]);
      expect(seen.at(-1)).toBe(bytes.length);
      expect(server.requests.length).toBe(2);
      await load();
      expect(server.requests.length).toBe(2);
    } finally {
      await server.stop();
    }
  });

  test("'auto' tells where to get a file that cannot be downloaded", async () => {
    const wanted = SmallResNet50.load('auto', { cacheDirectory });
    await expect(wanted).rejects.toMatchObject({ name: 'FileError', code: 'ENOENT' });
    await expect(wanted).rejects.toThrow(
      /ResNet-50-model.caffemodel cannot be downloaded by programs: get it from https:/,
    );
  });

  test('refuses files of other networks, and damaged ones', async () => {
    await expect(SmallVGG19.load(bytes)).rejects.toThrow(/there is no layer 'conv3_4'/);
    await expect(SmallResNet50.load(bytes)).rejects.toThrow(FormatError);
    const other = encodeCaffemodel(vggNet([2, 2, 3, 3, 3], 2 * WIDTH));
    await expect(SmallVGG16.load(other)).rejects.toThrow(
      /blob 0 of layer 'conv1_1' is \(4,3,3,3\), expected \(2,3,3,3\)/,
    );
    await expect(SmallVGG16.load(bytes.slice(0, -5))).rejects.toThrow(FormatError);
    await expect(SmallVGG16.load(join(cacheDirectory, 'nothing.npz'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(SmallVGG16.load(await readFile(new URL(import.meta.url)))).rejects.toThrow(FormatError);
  });
});

test('layers that no wanted layer needs are not computed', () => {
  const model = new SmallGoogLeNet({ initialW: 0.01 });
  const called: string[] = [];
  for (const [name, link] of model.namedChildren())
    link.addHook({ name: 'note', forwardPreprocess: () => void called.push(name) });
  model(images(), ['loss1_fc2']);
  const trunk = ['conv1', 'conv2_reduce', 'conv2', 'inc3a', 'inc3b', 'inc4a'];
  expect(called).toEqual([...trunk, 'loss1_conv', 'loss1_fc1', 'loss1_fc2']);
  called.length = 0;
  expect(model(images(), [])).toEqual({});
  expect(called).toEqual([]);
});

describe('pictures', () => {
  const model = new SmallGoogLeNet({ initialW: 0.01 });
  /** A picture that is all one colour. */
  const plain = (height: number, width: number, [red, green, blue]: readonly number[]) => {
    const data = new Uint8ClampedArray(4 * height * width);
    for (let i = 0; i < data.length; i += 4) data.set([red, green, blue, 255], i);
    return { width, height, data };
  };

  test('are prepared: resized, blue first, the mean subtracted', () => {
    const prepared = model.prepare(plain(10, 30, [200, 100, 50]));
    expect(prepared.shape).toEqual([3, 224, 224]);
    expect([0, 1, 2].map((c) => prepared.at(c, 100, 7).item())).toEqual([50 - 104, 100 - 117, 200 - 123]);
    expect(model.prepare(plain(10, 30, [0, 0, 0]), null).shape).toEqual([3, 10, 30]);
    expect(model.prepare(plain(10, 30, [0, 0, 0]), [5, 4]).shape).toEqual([3, 4, 5]);
  });

  test('come from files', async () => {
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const image = await datasets.readImage(encode({ width: 1, height: 2, channels: 3, data: pixels }));
    expect(model.prepare(image, null).tolist()).toEqual([
      [[-101], [-98]],
      [[-115], [-112]],
      [[-122], [-119]],
    ]);
  });

  test('come as arrays of all kinds', () => {
    const colours = np.array([[[1, 2, 3]], [[4, 5, 6]]], 'uint8');
    const wanted = [
      [[3 - 104], [6 - 104]],
      [[2 - 117], [5 - 117]],
      [[1 - 123], [4 - 123]],
    ];
    expect(model.prepare(colours, null).tolist()).toEqual(wanted);
    expect(model.prepare([[[1, 2, 3]], [[4, 5, 6]]], null).tolist()).toEqual(wanted);
    const rgba = { width: 1, height: 2, data: Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 255) };
    expect(model.prepare(rgba, null).tolist()).toEqual(wanted);
    expect(
      model
        .prepare(np.transpose(np.broadcastTo(colours, [2, 2, 3]), [2, 0, 1]), null)
        .at(0, 1, 0)
        .item(),
    ).toBe(6 - 104);
    const grey = [[7 - 104], [7 - 117], [7 - 123]].map((row) => [row]);
    expect(model.prepare(np.array([[7]]), null).tolist()).toEqual(grey);
    expect(model.prepare(np.array([[[7]]]), null).tolist()).toEqual(grey);
    expect(() => model.prepare(np.zeros([5]), null)).toThrow(ShapeError);
    expect(() => model.prepare(np.zeros([5, 5, 7]), null)).toThrow(ShapeError);
    expect(() => model.prepare({ width: 2, height: 2, data: new Uint8Array(5) }, null)).toThrow(ShapeError);
  });

  test('have features and probabilities', async () => {
    const vgg = await SmallVGG16.load(encodeCaffemodel(NETS.VGG16.net));
    const data = Uint8Array.from(new np.random.RandomState(2).uniform(0, 256, 3 * 256 * 256));
    const image = { width: 256, height: 256, data };
    scope(null, () => {
      const { fc7 } = vgg.extract([image, image]);
      expect(fc7.shape).toEqual([2, 128]);
      const prepared = vgg.prepare(image, null);
      const probabilitiesAt = (top: number, left: number, mirrored: boolean) => {
        const crop = prepared.at(slice(null, null), slice(top, top + 224), slice(left, left + 224));
        const view = np.expandDims(mirrored ? np.flip(crop, 2) : crop, 0);
        return Array.from(usingConfig('train', false, () => vgg(view)).prob.dataSync());
      };
      const near = (got: ArrayLike<number>, want: number[]) =>
        expect(Math.max(...want.map((v, i) => Math.abs(v - got[i])))).toBeLessThan(1e-5);
      const one = vgg.predict([image, image], { oversample: false });
      expect(one.shape).toEqual([2, 1000]);
      near(one.dataSync(), [...probabilitiesAt(16, 16, false), ...probabilitiesAt(16, 16, false)]);
      const ten = vgg.predict([image]);
      const corners = [
        [0, 0],
        [0, 32],
        [32, 0],
        [32, 32],
        [16, 16],
      ];
      const views = [false, true].flatMap((mirrored) => corners.map(([y, x]) => probabilitiesAt(y, x, mirrored)));
      near(
        ten.dataSync(),
        views[0].map((_, i) => views.reduce((sum, view) => sum + view[i], 0) / 10),
      );
      expect(ten.shape).toEqual([1, 1000]);
      expect(np.sum(ten.array).item()).toBeCloseTo(1, 4);
      expect(ten.creator).toBe(null);
    });
    const copied = vgg.copy('copy').extract([image], { layers: ['pool1'] }).pool1;
    expect(copied.array.tolist()).toEqual(vgg.extract([image], { layers: ['pool1'] }).pool1.array.tolist());
    expect(() => vgg.predict([])).toThrow(ValueError);
    expect(() => vgg.extract([image], { layers: ['fc9'] })).toThrow(KeyError);
  });
});

test('ResNet-50 whole, as it is given out', async () => {
  const bytes = encodeCaffemodel(resNet(RESNET_BLOCKS[50], 1));
  expect(bytes.length).toBeGreaterThan(100e6);
  const model = await L.ResNet50Layers.load(bytes);
  expect(model.countParams()).toBe(25_557_096);
  const layer = parseCaffemodel(bytes).layers.find(({ name }) => name === 'res4d_branch2b');
  const weights = layer && narrow(decodeBlob(layer.blobs[0])).data;
  const bottleneck = new Map(model.namedParams()).get('/res4/b3/conv2/W');
  expect(bottleneck?.shape).toEqual([256, 256, 3, 3]);
  expect(bottleneck?.dataSync().join()).toBe(weights?.join());
}, 60_000);
