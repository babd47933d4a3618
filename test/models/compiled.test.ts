/**
 * Compiled models give the results of the models: every link, the networks for ImageNet, networks of Caffe's files.
 * Oracle: the model in test mode, which other tests check.
 */
import { describe, expect, it } from 'vitest';
import { LeNet5 } from '../../examples/lenet5.js';
import { init, L, type Link, np, usingConfig, usingDevice, type Variable, type VariableLike } from '../../src/index.js';
import { googLeNet, RESNET_BLOCKS, resNet, vggNet } from '../support/caffe-nets.js';
import { encodeCaffemodel, type LayerSpec } from '../support/caffemodel.js';
import { expectLikeModel } from '../support/compiled.js';

const inBrowser = typeof document !== 'undefined';
if (inBrowser) await init({ device: 'webgl' });
await init({ device: 'wasm' });
const DEVICES = inBrowser ? (['wasm', 'webgl'] as const) : (['wasm'] as const);
const random = (...shape: number[]) => np.random.normal(0, 1, shape);

/** Gives parameters and running statistics values that differ from one another and from what links start with. */
function filled<T extends Link>(link: T, spread = 0.3): T {
  const set = (array: np.NDArray, from: number) =>
    array.set(np.random.uniform(from - spread, from + spread, array.shape).dataSync());
  for (const one of link.links()) {
    for (const [name, value] of one.persistents())
      if (value instanceof np.NDArray) set(value, name === 'avg_var' ? 1 : 0);
    if (one instanceof L.BatchNormalization && one.gamma) set(one.gamma.array, 1);
  }
  return link;
}

/** Links by name, with their inputs. */
const LINKS: Readonly<Record<string, () => [link: Link, ...inputs: np.NDArray[]]>> = {
  Linear: () => [new L.Linear(6, 2), random(3, 2, 3)],
  'Linear without bias': () => [new L.Linear(6, 2, { nobias: true }), random(3, 6)],
  Convolution1D: () => [new L.Convolution1D(2, 4, 3, 2, 1, { groups: 2, dilate: 2 }), random(1, 2, 9)],
  Convolution2D: () => [new L.Convolution2D(2, 4, [3, 2], [2, 1], 1, { groups: 2, dilate: 2 }), random(1, 2, 7, 6)],
  Convolution3D: () => [new L.Convolution3D(2, 3, 2, 2, 1, { coverAll: true }), random(1, 2, 3, 4, 4)],
  ConvolutionND: () => [new L.ConvolutionND(2, 2, 3, 2), random(1, 2, 3, 4)],
  Deconvolution1D: () => [new L.Deconvolution1D(2, 3, 4, 2, 1), random(1, 2, 5)],
  Deconvolution2D: () => [new L.Deconvolution2D(4, 6, 3, 2, 1, { outsize: [6, 5], groups: 2 }), random(1, 4, 3, 3)],
  Deconvolution3D: () => [new L.Deconvolution3D(2, 3, 2, 2, 0, { nobias: true }), random(1, 2, 2, 2, 2)],
  DeconvolutionND: () => [new L.DeconvolutionND(2, 2, 3, 2), random(1, 2, 3, 3)],
  DepthwiseConvolution2D: () => [new L.DepthwiseConvolution2D(3, 2, 3, 1, 1), random(2, 3, 5, 5)],
  DilatedConvolution2D: () => [new L.DilatedConvolution2D(2, 3, 3, 1, 2, 2), random(1, 2, 6, 6)],
  LocalConvolution2D: () => [new L.LocalConvolution2D(2, 3, [5, 4], [2, 3], [1, 1]), random(2, 2, 5, 4)],
  MLPConvolution2D: () => [new L.MLPConvolution2D(2, [3, 4, 2], 3, 2, 1), random(1, 2, 5, 5)],
  Inception: () => [new L.Inception(3, 2, 3, 4, 1, 2, 3), random(1, 3, 5, 4)],
  InceptionBN: () => [new L.InceptionBN(3, 2, 3, 4, 1, 2, 'avg', { projPool: 3 }), random(1, 3, 5, 4)],
  EmbedID: () => [new L.EmbedID(4, 3, { ignoreLabel: -1 }), np.array([0, -1, 3], 'int32')],
  Bilinear: () => [new L.Bilinear(2, 3, 4), random(2, 2), random(2, 3)],
  Bias: () => [new L.Bias(1, [3]), random(2, 3, 2)],
  Scale: () => [new L.Scale(0, [2, 3], { biasTerm: true }), random(2, 3, 2)],
  Highway: () => [new L.Highway(3), random(2, 3)],
  Maxout: () => [new L.Maxout(3, 2, 4), random(2, 3)],
  PReLU: () => [new L.PReLU([3]), random(2, 3)],
  Swish: () => [new L.Swish([3]), random(2, 3)],
  BatchNormalization: () => [new L.BatchNormalization(3), random(2, 3, 4, 4)],
  BatchRenormalization: () => [new L.BatchRenormalization(3), random(2, 3, 4, 4)],
  LayerNormalization: () => [new L.LayerNormalization(3), random(2, 3)],
  GroupNormalization: () => [new L.GroupNormalization(2, 4), random(2, 4, 3)],
  'sizes found in the trace': () => [new L.Convolution2D(4, 3), random(1, 2, 5, 5)],
};

describe.each(DEVICES)('links on %s', (device) => {
  it.each(Object.entries(LINKS))('%s', (_, make) => {
    usingDevice(device, () => {
      const [link, ...inputs] = make();
      filled(link).toDevice(device);
      const call = (...xs: VariableLike[]): Variable => Reflect.apply(link, undefined, xs);
      expectLikeModel(call, inputs).free();
    });
  });
});

const WIDTH = 1 / 32;
const picture = (side: number) => np.random.uniform(-100, 100, [1, 3, side, side]);

/** How often each operation of a compiled network runs. */
function countOf(predict: { summary(): { layers: readonly { op: string }[] } }): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { op } of predict.summary().layers) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}

describe.each(DEVICES)('networks on %s', (device) => {
  /** Bottlenecks, of which four are projections: all of them are convolutions and nothing else. */
  const resNets = { ResNet50: [L.ResNet50Layers, 16], ResNet152: [L.ResNet152Layers, 50] } as const;

  it.each(Object.entries(resNets))('%s has no sums and activations of its own', (name, [Net, blocks]) => {
    if (inBrowser && name !== 'ResNet50') return;
    usingDevice(device, () => {
      const model = filled(new Net({ width: WIDTH }), 0.1).toDevice(device);
      const predict = expectLikeModel(model, [picture(64)], { tolerance: 1e-4 });
      expect(countOf(predict)).toEqual({
        'conv2d + relu': 1 + 2 * blocks,
        conv2d: 4,
        'conv2d + residual + relu': blocks,
        maxPool2d: 1,
        averagePool2d: 1,
        matmul: 1,
        softmax: 1,
      });
      expect(predict.summary().layers.map(({ layer }) => layer)).toContain('res3/b1/conv2');
      predict.free();
    });
  });

  it('GoogLeNet, with its normalization over channels, and several layers asked for by name', () => {
    usingDevice(device, () => {
      const model = filled(new L.GoogLeNet({ width: WIDTH })).toDevice(device);
      const layers = inBrowser ? ['conv2', 'inception_3b'] : ['inception_3b', 'prob', 'loss1_fc2'];
      const f = (x: VariableLike) => model(x, layers);
      const predict = expectLikeModel(f, [picture(inBrowser ? 64 : 224)], { tolerance: 1e-4 });
      expect(Object.keys(predict(picture(inBrowser ? 64 : 224)))).toEqual(layers);
      predict.free();
    });
  });

  it('LeNet5 in batches', () => {
    usingDevice(device, () => expectLikeModel(new LeNet5(), [random(3, 1, 28, 28)]).free());
  });
});

describe.skipIf(inBrowser)('networks of VGG, and of Caffe', () => {
  it.each([L.VGG16Layers, L.VGG19Layers])('%o', (Net) => {
    const predict = expectLikeModel(new Net({ width: WIDTH }), [picture(224)], { tolerance: 1e-4 });
    expect(Object.keys(countOf(predict)).sort()).toEqual([
      'conv2d + relu',
      'matmul',
      'matmul + relu',
      'maxPool2d',
      'softmax',
    ]);
  });

  it.each<[string, LayerSpec[], number, string]>([
    ['VGG16', vggNet([2, 2, 3, 3, 3], WIDTH), 224, 'prob'],
    ['ResNet50', resNet(RESNET_BLOCKS[50], WIDTH), 224, 'prob'],
    ['GoogLeNet', googLeNet(WIDTH), 224, 'prob'],
  ])('CaffeFunction of %s', (_, layers, side, blob) => {
    const caffe = new L.CaffeFunction(encodeCaffemodel(layers));
    const f = (data: VariableLike) => caffe({ data }, [blob]);
    usingConfig('train', false, () => expectLikeModel(f, [picture(side)], { tolerance: 1e-4 }).free());
  });
});
