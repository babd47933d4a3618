/** Functions as layer objects: `new F.ReLU()`, and the same without `new`. */
import { describe, expect, it } from 'vitest';
import {
  Chain,
  config,
  F,
  L,
  type Link,
  np,
  Sequential,
  scope,
  usingConfig,
  Variable,
  type VariableLike,
} from '../../src/index.js';

const x = () => new Variable(np.reshape(np.arange(0, 16, 1, 'float32'), [1, 1, 4, 4]).sub(8));

/** The functions that have layers: all of activation, noise and pooling. */
const CATALOGUE =
  `clippedRelu crelu elu hardSigmoid leakyRelu logSoftmax maxout prelu relu relu6 rrelu selu sigmoid softmax
  softplus swish tanh dropout gaussian gumbelSoftmax simplifiedDropconnect zoneout averagePooling1d averagePooling2d
  averagePooling3d averagePoolingNd maxPooling1d maxPooling2d maxPooling3d maxPoolingNd roiAverageAlign2d
  roiAveragePooling2d roiMaxAlign2d roiMaxPooling2d roiPooling2d spatialPyramidPooling2d unpooling1d unpooling2d
  unpooling3d unpoolingNd upsampling2d`.split(/\s+/);

/** A layer, and the call of the function that it stands for. */
const LAYERS: [layer: (x: VariableLike) => Variable, call: (x: VariableLike) => Variable][] = [
  [new F.AveragePooling2D(2, 1, 1), (v) => F.averagePooling2d(v, 2, 1, 1)],
  [new F.AveragePoolingND(3, 2, 1, { padValue: null }), (v) => F.averagePoolingNd(v, 3, 2, 1, { padValue: null })],
  [new F.ClippedReLU(3), (v) => F.clippedRelu(v, 3)],
  [new F.CReLU(2), (v) => F.crelu(v, 2)],
  [new F.ELU(0.5), (v) => F.elu(v, 0.5)],
  [new F.HardSigmoid(), F.hardSigmoid],
  [new F.LeakyReLU(), (v) => F.leakyRelu(v)],
  [new F.LogSoftmax(3), (v) => F.logSoftmax(v, 3)],
  [new F.Maxout(2, 3), (v) => F.maxout(v, 2, 3)],
  [new F.MaxPooling2D(3, 2, 0, { coverAll: false }), (v) => F.maxPooling2d(v, 3, 2, 0, { coverAll: false })],
  [new F.MaxPoolingND(2), (v) => F.maxPoolingNd(v, 2)],
  [new F.PReLU(np.array([0.1])), (v) => F.prelu(v, np.array([0.1]))],
  [new F.ReLU(), F.relu],
  [new F.ReLU6(), F.relu6],
  [new F.SELU(), (v) => F.selu(v)],
  [new F.Sigmoid(), F.sigmoid],
  [new F.Softmax(-1), (v) => F.softmax(v, -1)],
  [new F.Softplus(2), (v) => F.softplus(v, 2)],
  [new F.SpatialPyramidPooling2D(2), (v) => F.spatialPyramidPooling2d(v, 2)],
  [new F.Swish(np.array([0.5])), (v) => F.swish(v, np.array([0.5]))],
  [new F.Tanh(), F.tanh],
  [new F.Unpooling2D(2, 2, 0, { coverAll: false }), (v) => F.unpooling2d(v, 2, 2, 0, { coverAll: false })],
];

describe('a layer object', () => {
  it.each(LAYERS)('%s computes what its function does', (layer, call) => {
    expect(layer(x()).tolist()).toEqual(call(x()).tolist());
  });

  it.each(CATALOGUE)('stands for %s', (name) => {
    const isOneOf = ([key, value]: [string, unknown]) =>
      typeof value === 'function' && key.toLowerCase() === name.toLowerCase();
    const found = Object.entries(F).filter(isOneOf);
    expect(found.map(([key]) => key)).toHaveLength(2);
    const layers = found.filter(([, value]) => value.prototype instanceof F.FunctionLayer);
    expect(layers.map(([key, value]) => [key, value.name])).toEqual([[layers[0][0], layers[0][0]]]);
  });

  it('of regions takes them when it is called', () => {
    const rois = np.array([[0, 0, 3, 3]]);
    const image = np.array([0], 'int32');
    expect(new F.RoIAverageAlign2D(2, 1, { samplingRatio: 2 })(x(), rois, image).tolist()).toEqual(
      F.roiAverageAlign2d(x(), rois, image, 2, 1, { samplingRatio: 2 }).tolist(),
    );
    expect(F.RoIAveragePooling2D(2, 1)(x(), rois, image).tolist()).toEqual(
      F.roiAveragePooling2d(x(), rois, image, 2, 1).tolist(),
    );
    expect(F.RoIMaxAlign2D(2, 1)(x(), rois, image).tolist()).toEqual(F.roiMaxAlign2d(x(), rois, image, 2, 1).tolist());
    expect(F.RoIMaxPooling2D(2, 1)(x(), rois, image).tolist()).toEqual(
      F.roiMaxPooling2d(x(), rois, image, 2, 1).tolist(),
    );
    const withImage = np.array([[0, 0, 0, 3, 3]]);
    expect(F.RoIPooling2D(2, 2, 1)(x(), withImage).tolist()).toEqual(F.roiPooling2d(x(), withImage, 2, 2, 1).tolist());
  });

  it('is the same without `new`', () => {
    const layer = F.MaxPooling2D(2, 2);
    expect(layer).toBeInstanceOf(F.MaxPooling2D);
    expect(layer).toBeInstanceOf(F.FunctionLayer);
    expect(layer).not.toBeInstanceOf(F.Sigmoid);
    expect(layer(x()).tolist()).toEqual(F.maxPooling2d(x(), 2, 2).tolist());
  });

  it('of a noise function draws in training and not in a test', () => {
    const [layer, state] = [new F.Dropout(0.5), new F.Zoneout(0.5)];
    expect(layer(x()).tolist()).not.toEqual(x().tolist());
    usingConfig('train', false, () => {
      expect(layer(x()).tolist()).toEqual(x().tolist());
      expect(state(x(), x().neg()).tolist()).toEqual(x().neg().tolist());
    });
    expect(new F.Gaussian()(x(), x()).shape).toEqual(x().shape);
    expect(F.GumbelSoftmax(1, 2)(x()).shape).toEqual(x().shape);
    expect(new F.SimplifiedDropconnect(np.ones([3, 16]))(x()).shape).toEqual([1, 3]);
  });

  it('says what it is', () => {
    expect(String(new F.MaxPooling2D(2, [2, 1], 0, { coverAll: false }))).toBe(
      'MaxPooling2D(2, [2,1], 0, {"coverAll":false})',
    );
    expect([F.Sigmoid.name, String(F.Sigmoid())]).toEqual(['Sigmoid', 'Sigmoid()']);
  });

  it('keeps the arrays it was given alive', () => {
    const layer = scope(null, () => new F.PReLU(np.array([0.5])));
    expect(layer(np.array([[-2]])).tolist()).toEqual([[-1]]);
  });
});

describe('networks that are lists', () => {
  class LeNet extends Chain {
    readonly path: [name: string, layer: (x: VariableLike) => Variable][] = [
      ['conv1', new L.Convolution2D(1, 2, 3, 1)],
      ['_sigm1', new F.Sigmoid()],
      ['_mpool1', new F.MaxPooling2D(2, 2)],
      ['fc2', new L.Linear(null, 3)],
    ];

    constructor() {
      super();
      for (const [name, layer] of this.path) if (!name.startsWith('_')) this.addLink(name, layer as Link);
    }

    forward(v: VariableLike) {
      let h = v;
      for (const [, layer] of this.path) h = layer(h);
      return config.train ? h : F.softmax(h);
    }
  }

  it('hold them beside links, and register the links alone', () => {
    const model = new LeNet();
    expect(model(x()).shape).toEqual([1, 3]);
    expect([...model.namedParams()].map(([name]) => name).sort()).toEqual(['/conv1/W', '/conv1/b', '/fc2/W', '/fc2/b']);
  });

  it('are Sequentials of links, functions, layers and lambdas', () => {
    const model = new Sequential(F.sigmoid, new F.MaxPooling2D(2, 2), F.ReLU(), (v) => F.reshape(v, [1, -1]));
    expect(model(x()).tolist()).toEqual(F.reshape(F.maxPooling2d(F.sigmoid(x()), 2, 2), [1, -1]).tolist());
  });
});
