/** Residual networks (He, Zhang, Ren, Sun: "Deep Residual Learning for Image Recognition", 2015). */
import { Chain } from '../../../core/chain.js';
import type { Variable, VariableLike } from '../../../core/variable.js';
import { relu } from '../../../functions/activation/relu.js';
import type { FunctionOperand } from '../../../functions/arguments/operands.js';
import { reshape } from '../../../functions/array/reshape.js';
import { add } from '../../../functions/math/add.js';
import { averagePooling2d } from '../../../functions/pooling/average-pooling-2d.js';
import { maxPooling2d } from '../../../functions/pooling/max-pooling-2d.js';
import type { InitializerLike } from '../../../initializers/initializer.js';
import { HeNormal } from '../../../initializers/normal.js';
import { Convolution2D } from '../../connection/convolution-2d.js';
import { Linear } from '../../connection/linear.js';
import { BatchNormalization } from '../../normalization/batch-normalization.js';
import type { CaffeSource } from './caffe-weights.js';
import { ImageNetModel, type ImageNetOptions, PROB, type Pretrained, type Stage } from './image-net-model.js';
import type { BlueGreenRed } from './prepare.js';

/** Options of a new residual network. */
export interface ResNetOptions extends ImageNetOptions {
  /** Whether 1×1 convolutions halve the resolution, as in the authors' network, instead of 3×3 convolutions. Default true. */
  downsample1x1?: boolean;
}

/** The shape of a bottleneck. */
interface BottleneckShape {
  readonly nIn: number;
  readonly nMid: number;
  readonly nOut: number;
  /** The strides of the first and the second convolution; their product is the block's stride. */
  readonly strides: readonly [number, number];
  /** Whether a convolution projects x before the block adds to it. */
  readonly project: boolean;
  readonly initialW: InitializerLike;
}

/** relu(x + f(x)), where f is a 1×1, a 3×3 and a 1×1 convolution. A convolution projects x if its size changes. */
class Bottleneck extends Chain {
  readonly conv1: Convolution2D;
  readonly bn1: BatchNormalization;
  readonly conv2: Convolution2D;
  readonly bn2: BatchNormalization;
  readonly conv3: Convolution2D;
  readonly bn3: BatchNormalization;
  readonly conv4: Convolution2D | null;
  readonly bn4: BatchNormalization | null;

  constructor({ nIn, nMid, nOut, strides, project, initialW }: BottleneckShape) {
    super();
    const options = { nobias: true, initialW };
    this.conv1 = new Convolution2D(nIn, nMid, 1, strides[0], 0, options);
    this.bn1 = new BatchNormalization(nMid);
    this.conv2 = new Convolution2D(nMid, nMid, 3, strides[1], 1, options);
    this.bn2 = new BatchNormalization(nMid);
    this.conv3 = new Convolution2D(nMid, nOut, 1, 1, 0, options);
    this.bn3 = new BatchNormalization(nOut);
    this.conv4 = project ? new Convolution2D(nIn, nOut, 1, strides[0] * strides[1], 0, options) : null;
    this.bn4 = project ? new BatchNormalization(nOut) : null;
  }

  forward(x: FunctionOperand): Variable {
    let h = relu(this.bn1(this.conv1(x)));
    h = relu(this.bn2(this.conv2(h)));
    h = this.bn3(this.conv3(h));
    return relu(add(h, this.conv4 && this.bn4 ? this.bn4(this.conv4(x)) : x));
  }

  /** @param name the block's name in Caffe: `2a`, `4b22` */
  *caffeSources(name: string): Iterable<CaffeSource> {
    const layers = (branch: string) => [`bn${name}_branch${branch}`, `scale${name}_branch${branch}`] as const;
    yield [this.conv1, `res${name}_branch2a`];
    yield [this.bn1, ...layers('2a')];
    yield [this.conv2, `res${name}_branch2b`];
    yield [this.bn2, ...layers('2b')];
    yield [this.conv3, `res${name}_branch2c`];
    yield [this.bn3, ...layers('2c')];
    if (!this.conv4 || !this.bn4) return;
    yield [this.conv4, `res${name}_branch1`];
    yield [this.bn4, ...layers('1')];
  }
}

/** Bottlenecks one after another, named `a`, `b1`, `b2`, …; the first changes the resolution and the channels. */
class BuildingBlock extends Chain {
  protected readonly bottlenecks: Bottleneck[];

  constructor(count: number, first: BottleneckShape) {
    super();
    const rest: BottleneckShape = { ...first, nIn: first.nOut, strides: [1, 1], project: false };
    this.bottlenecks = Array.from({ length: count }, (_, i) =>
      this.addLink(i === 0 ? 'a' : `b${i}`, new Bottleneck(i === 0 ? first : rest)),
    );
  }

  forward(x: FunctionOperand): Variable {
    const [first, ...rest] = this.bottlenecks;
    return rest.reduce((h, bottleneck) => bottleneck(h), first(x));
  }

  /** In Caffe, short blocks are `2a`, `2b`, `2c`, and long ones `4a`, `4b1`, `4b2`, …, because the authors ran out of letters. */
  *caffeSources(block: number, lettered: boolean): Iterable<CaffeSource> {
    for (const [i, bottleneck] of this.bottlenecks.entries()) {
      const suffix = i === 0 || lettered ? String.fromCharCode('a'.charCodeAt(0) + i) : `b${i}`;
      yield* bottleneck.caffeSources(`${block}${suffix}`);
    }
  }
}

/** The numbers of bottlenecks in the four blocks. */
type Counts = readonly [number, number, number, number];

abstract class ResNetLayers extends ImageNetModel {
  protected readonly mean: BlueGreenRed = [103.063, 115.903, 123.152];
  protected readonly features = 'pool5';
  /** The 7×7 convolution of the picture, with stride 2. */
  readonly conv1: Convolution2D;
  /** Normalizes the output of `conv1`. */
  readonly bn1: BatchNormalization;
  /** The residual blocks of 56 × 56 pixels. */
  readonly res2: BuildingBlock;
  /** The residual blocks of 28 × 28 pixels. */
  readonly res3: BuildingBlock;
  /** The residual blocks of 14 × 14 pixels. */
  readonly res4: BuildingBlock;
  /** The residual blocks of 7 × 7 pixels. */
  readonly res5: BuildingBlock;
  /** The scores of the 1000 classes. */
  readonly fc6: Linear;

  /** @param counts the number of bottlenecks in each block. */
  constructor(counts: Counts, options: ResNetOptions) {
    super();
    const { initialW = new HeNormal(), width = 1, downsample1x1 = true } = options;
    const part = (channels: number) => Math.ceil(channels * width);
    const block = (i: number, nIn: number, nMid: number, stride: number) => {
      const strides = downsample1x1 ? ([stride, 1] as const) : ([1, stride] as const);
      const channels = { nIn: part(nIn), nMid: part(nMid), nOut: part(4 * nMid) };
      return new BuildingBlock(counts[i], { ...channels, strides, project: true, initialW });
    };
    this.conv1 = new Convolution2D(3, part(64), 7, 2, 3, { initialW });
    this.bn1 = new BatchNormalization(part(64));
    this.res2 = block(0, 64, 64, 1);
    this.res3 = block(1, 256, 128, 2);
    this.res4 = block(2, 512, 256, 2);
    this.res5 = block(3, 1024, 512, 2);
    this.fc6 = new Linear(part(2048), 1000);
  }

  protected stages(): Stage[] {
    return [
      { name: 'conv1', steps: [this.conv1, this.bn1, relu] },
      { name: 'pool1', steps: [(h) => maxPooling2d(h, 3, 2)] },
      { name: 'res2', steps: [this.res2] },
      { name: 'res3', steps: [this.res3] },
      { name: 'res4', steps: [this.res4] },
      { name: 'res5', steps: [this.res5] },
      { name: 'pool5', steps: [globalAveragePooling] },
      { name: 'fc6', steps: [this.fc6] },
      PROB,
    ];
  }

  /** Whether Caffe's names of blocks 3 and 4 have letters. */
  protected readonly lettered: boolean = false;

  protected *caffeSources(): Iterable<CaffeSource> {
    yield [this.conv1, 'conv1'];
    yield [this.bn1, 'bn_conv1', 'scale_conv1'];
    yield* this.res2.caffeSources(2, true);
    yield* this.res3.caffeSources(3, this.lettered);
    yield* this.res4.caffeSources(4, this.lettered);
    yield* this.res5.caffeSources(5, true);
    yield [this.fc6, 'fc1000'];
  }
}

/** The mean of each channel: x (N, C, H, W) → (N, C). */
function globalAveragePooling(x: VariableLike): Variable {
  const [n, channels, height, width] = x.shape;
  return reshape(averagePooling2d(x, [height, width], 1), [n, channels]);
}

const trainedResNet = (layers: number): Pretrained => ({
  npz: `ResNet-${layers}-model.npz`,
  caffemodel: `ResNet-${layers}-model.caffemodel`,
  url: null,
  page: 'https://github.com/KaimingHe/deep-residual-networks',
});

/**
 * The residual network with 50 layers: `await L.ResNet50Layers.load('ResNet-50-model.caffemodel')` has the trained weights; HeNormal draws
 * those of `new L.ResNet50Layers()`. Layers: `conv1`, `pool1`, `res2` to `res5`, `pool5`, `fc6`, `prob`. Follows
 * chainer.links.ResNet50Layers.
 *
 * @example
 * const resnet = new L.ResNet50Layers({ width: 1 / 16 }); // a small one, untrained
 * const { prob, pool5 } = usingConfig('train', false, () => resnet(np.zeros([1, 3, 64, 64]), ['prob', 'pool5']));
 * [prob.shape, pool5.shape]; // [[1, 1000], [1, 128]]
 */
export class ResNet50Layers extends ResNetLayers {
  protected readonly pretrained = trainedResNet(50);
  protected override readonly lettered = true;

  constructor(options: ResNetOptions = {}) {
    super([3, 4, 6, 3], options);
  }
}

/** The residual network with 101 layers; as {@link ResNet50Layers}. Follows chainer.links.ResNet101Layers. */
export class ResNet101Layers extends ResNetLayers {
  protected readonly pretrained = trainedResNet(101);

  constructor(options: ResNetOptions = {}) {
    super([3, 4, 23, 3], options);
  }
}

/** The residual network with 152 layers; as {@link ResNet50Layers}. Follows chainer.links.ResNet152Layers. */
export class ResNet152Layers extends ResNetLayers {
  protected readonly pretrained = trainedResNet(152);

  constructor(options: ResNetOptions = {}) {
    super([3, 8, 36, 3], options);
  }
}
