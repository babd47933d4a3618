/** GoogLeNet (Szegedy et al.: "Going Deeper with Convolutions", 2015), as the Berkeley Vision and Learning Center trained it. */
import type { Variable, VariableLike } from '../../../core/variable.js';
import { relu } from '../../../functions/activation/relu.js';
import { dropout } from '../../../functions/noise/dropout.js';
import { localResponseNormalization } from '../../../functions/normalization/local-response-normalization.js';
import { averagePooling2d } from '../../../functions/pooling/average-pooling-2d.js';
import { maxPooling2d } from '../../../functions/pooling/max-pooling-2d.js';
import { LeCunUniform } from '../../../initializers/uniform.js';
import { Convolution2D } from '../../connection/convolution-2d.js';
import { Inception } from '../../connection/inception.js';
import { Linear } from '../../connection/linear.js';
import type { CaffeSource } from './caffe-weights.js';
import { ImageNetModel, type ImageNetOptions, PROB, type Pretrained, type Stage } from './image-net-model.js';
import type { BlueGreenRed } from './prepare.js';

/** Output channels of the branches of each module: 1×1, 3×3 after its reduction, 5×5 after its reduction, pool. */
const MODULES = {
  inc3a: [64, 96, 128, 16, 32, 32],
  inc3b: [128, 128, 192, 32, 96, 64],
  inc4a: [192, 96, 208, 16, 48, 64],
  inc4b: [160, 112, 224, 24, 64, 64],
  inc4c: [128, 128, 256, 24, 64, 64],
  inc4d: [112, 144, 288, 32, 64, 64],
  inc4e: [256, 160, 320, 32, 128, 128],
  inc5a: [256, 160, 320, 32, 128, 128],
  inc5b: [384, 192, 384, 48, 128, 128],
} as const;

/** Caffe's names of a module's convolutions. */
const BRANCHES = {
  conv1: '1x1',
  proj3: '3x3_reduce',
  conv3: '3x3',
  proj5: '5x5_reduce',
  conv5: '5x5',
  projp: 'pool_proj',
} as const satisfies Partial<Record<Exclude<keyof Inception, 'toString'>, string>>;

const pool = (h: VariableLike): Variable => maxPooling2d(h, 3, 2);
const auxiliaryPool = (h: VariableLike): Variable => averagePooling2d(h, 5, 3);
const normalize = (h: VariableLike): Variable => localResponseNormalization(h, { n: 5, k: 1, alpha: 1e-4 / 5 });

/**
 * GoogLeNet: `await L.GoogLeNet.load()` has the trained weights; LeCunUniform draws those of `new L.GoogLeNet()`. Layers: `conv1`, `pool1`,
 * `conv2_reduce`, `conv2`, `pool2`, `inception_3a` to `inception_5b`, `pool3` to `pool5`, `loss3_fc`, `prob`, and the auxiliary
 * classifiers `loss1_fc2` and `loss2_fc2`, which it computes only if you ask for them. Follows chainer.links.GoogLeNet.
 */
export class GoogLeNet extends ImageNetModel {
  protected readonly pretrained: Pretrained = {
    npz: 'bvlc_googlenet.npz',
    caffemodel: 'bvlc_googlenet.caffemodel',
    url: 'http://dl.caffe.berkeleyvision.org/bvlc_googlenet.caffemodel',
    page: 'https://github.com/BVLC/caffe/tree/master/models/bvlc_googlenet',
  };
  protected readonly mean: BlueGreenRed = [104, 117, 123];
  protected readonly features = 'pool5';
  /** The 7×7 convolution of the picture, step 2. */
  readonly conv1: Convolution2D;
  /** The 1×1 convolution before `conv2`. */
  readonly conv2_reduce: Convolution2D;
  /** The 3×3 convolution before the modules. */
  readonly conv2: Convolution2D;
  /** Module 3a, the layer `inception_3a`. */
  readonly inc3a: Inception;
  /** Module 3b, the layer `inception_3b`. */
  readonly inc3b: Inception;
  /** Module 4a, the layer `inception_4a`. */
  readonly inc4a: Inception;
  /** Module 4b, the layer `inception_4b`. */
  readonly inc4b: Inception;
  /** Module 4c, the layer `inception_4c`. */
  readonly inc4c: Inception;
  /** Module 4d, the layer `inception_4d`. */
  readonly inc4d: Inception;
  /** Module 4e, the layer `inception_4e`. */
  readonly inc4e: Inception;
  /** Module 5a, the layer `inception_5a`. */
  readonly inc5a: Inception;
  /** Module 5b, the layer `inception_5b`. */
  readonly inc5b: Inception;
  /** The scores of the 1000 classes. */
  readonly loss3_fc: Linear;
  /** The convolution of the first auxiliary classifier. */
  readonly loss1_conv: Convolution2D;
  /** The hidden layer of the first auxiliary classifier. */
  readonly loss1_fc1: Linear;
  /** The scores of the first auxiliary classifier. */
  readonly loss1_fc2: Linear;
  /** The convolution of the second auxiliary classifier. */
  readonly loss2_conv: Convolution2D;
  /** The hidden layer of the second auxiliary classifier. */
  readonly loss2_fc1: Linear;
  /** The scores of the second auxiliary classifier. */
  readonly loss2_fc2: Linear;

  constructor({ initialW = new LeCunUniform(), width = 1 }: ImageNetOptions = {}) {
    super();
    const part = (channels: number) => Math.ceil(channels * width);
    const init = { initialW };
    /** The channels of the last layer's output. */
    let channels = part(192);
    const inception = (name: keyof typeof MODULES) => {
      const [out1, proj3, out3, proj5, out5, projPool] = MODULES[name].map(part);
      const module = new Inception(channels, out1, proj3, out3, proj5, out5, projPool);
      channels = out1 + out3 + out5 + projPool;
      return module;
    };
    this.conv1 = new Convolution2D(3, part(64), 7, 2, 3, init);
    this.conv2_reduce = new Convolution2D(part(64), part(64), 1, 1, 0, init);
    this.conv2 = new Convolution2D(part(64), part(192), 3, 1, 1, init);
    this.inc3a = inception('inc3a');
    this.inc3b = inception('inc3b');
    this.inc4a = inception('inc4a');
    this.loss1_conv = new Convolution2D(channels, part(128), 1, 1, 0, init);
    this.inc4b = inception('inc4b');
    this.inc4c = inception('inc4c');
    this.inc4d = inception('inc4d');
    this.loss2_conv = new Convolution2D(channels, part(128), 1, 1, 0, init);
    this.inc4e = inception('inc4e');
    this.inc5a = inception('inc5a');
    this.inc5b = inception('inc5b');
    this.loss3_fc = new Linear(channels, 1000, init);
    this.loss1_fc1 = new Linear(16 * part(128), part(1024), init);
    this.loss1_fc2 = new Linear(part(1024), 1000, init);
    this.loss2_fc1 = new Linear(16 * part(128), part(1024), init);
    this.loss2_fc2 = new Linear(part(1024), 1000, init);
  }

  protected stages(): Stage[] {
    return [
      { name: 'conv1', steps: [this.conv1, relu] },
      { name: 'pool1', steps: [pool, normalize] },
      { name: 'conv2_reduce', steps: [this.conv2_reduce, relu] },
      { name: 'conv2', steps: [this.conv2, relu, normalize] },
      { name: 'pool2', steps: [pool] },
      { name: 'inception_3a', steps: [this.inc3a] },
      { name: 'inception_3b', steps: [this.inc3b] },
      { name: 'pool3', steps: [pool] },
      { name: 'inception_4a', steps: [this.inc4a] },
      { name: 'inception_4b', steps: [this.inc4b] },
      { name: 'inception_4c', steps: [this.inc4c] },
      { name: 'inception_4d', steps: [this.inc4d] },
      { name: 'inception_4e', steps: [this.inc4e] },
      { name: 'pool4', steps: [pool] },
      { name: 'inception_5a', steps: [this.inc5a] },
      { name: 'inception_5b', steps: [this.inc5b] },
      { name: 'pool5', steps: [(h) => averagePooling2d(h, 7, 1)] },
      { name: 'loss3_fc', steps: [(h) => dropout(h, 0.4), this.loss3_fc] },
      PROB,
      {
        name: 'loss1_fc2',
        from: 'inception_4a',
        steps: [auxiliaryPool, this.loss1_conv, relu, this.loss1_fc1, relu, this.loss1_fc2],
      },
      {
        name: 'loss2_fc2',
        from: 'inception_4d',
        steps: [auxiliaryPool, this.loss2_conv, relu, this.loss2_fc1, relu, this.loss2_fc2],
      },
    ];
  }

  protected *caffeSources(): Iterable<CaffeSource> {
    yield [this.conv1, 'conv1/7x7_s2'];
    yield [this.conv2_reduce, 'conv2/3x3_reduce'];
    yield [this.conv2, 'conv2/3x3'];
    for (const name of Object.keys(MODULES) as (keyof typeof MODULES)[]) {
      for (const [field, branch] of Object.entries(BRANCHES) as [keyof typeof BRANCHES, string][]) {
        yield [this[name][field], `${name.replace('inc', 'inception_')}/${branch}`];
      }
    }
    yield [this.loss1_conv, 'loss1/conv'];
    yield [this.loss1_fc1, 'loss1/fc'];
    yield [this.loss1_fc2, 'loss1/classifier'];
    yield [this.loss2_conv, 'loss2/conv'];
    yield [this.loss2_fc1, 'loss2/fc'];
    yield [this.loss2_fc2, 'loss2/classifier'];
    yield [this.loss3_fc, 'loss3/classifier'];
  }
}
