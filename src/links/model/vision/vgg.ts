/** The networks of the Visual Geometry Group (Simonyan, Zisserman: "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2014). */
import { relu } from '../../../functions/activation/relu.js';
import { dropout } from '../../../functions/noise/dropout.js';
import { maxPooling2d } from '../../../functions/pooling/max-pooling-2d.js';
import { Normal } from '../../../initializers/normal.js';
import { Convolution2D } from '../../connection/convolution-2d.js';
import { Linear } from '../../connection/linear.js';
import type { CaffeSource } from './caffe-weights.js';
import { ImageNetModel, type ImageNetOptions, PROB, type Pretrained, type Stage } from './image-net-model.js';
import type { BlueGreenRed } from './prepare.js';

/** Output channels of the five blocks. */
const CHANNELS = [64, 128, 256, 512, 512];
/** The side of the last block's output for images of 224 pixels. */
const SIDE = 7;

/** Blocks of 3×3 convolutions, each followed by 2×2 max pooling, then three linear layers. */
abstract class VGGLayers extends ImageNetModel {
  protected readonly mean: BlueGreenRed = [103.939, 116.779, 123.68];
  protected readonly features = 'fc7';
  /** The convolutions `conv1_1`, `conv1_2`, …, block by block, registered under these names. */
  protected readonly blocks: Convolution2D[][];
  /** The first fully connected layer, of the last feature maps. */
  readonly fc6: Linear;
  /** The second fully connected layer, whose outputs serve as features. */
  readonly fc7: Linear;
  /** The scores of the 1000 classes. */
  readonly fc8: Linear;

  /** @param counts the number of convolutions in each block. */
  constructor(counts: readonly number[], { initialW = new Normal(0.01), width = 1 }: ImageNetOptions) {
    super();
    const part = (channels: number) => Math.ceil(channels * width);
    let nIn = 3;
    this.blocks = counts.map((count, block) =>
      Array.from({ length: count }, (_, i) => {
        const nOut = part(CHANNELS[block]);
        const conv = new Convolution2D(nIn, nOut, 3, 1, 1, { initialW });
        nIn = nOut;
        return this.addLink(`conv${block + 1}_${i + 1}`, conv);
      }),
    );
    this.fc6 = new Linear(nIn * SIDE * SIDE, part(4096), { initialW });
    this.fc7 = new Linear(part(4096), part(4096), { initialW });
    this.fc8 = new Linear(part(4096), 1000, { initialW });
  }

  protected stages(): Stage[] {
    const convolutions = this.blocks.flatMap((block, b): Stage[] => [
      ...block.map((conv, i) => ({ name: `conv${b + 1}_${i + 1}`, steps: [conv, relu] })),
      { name: `pool${b + 1}`, steps: [(h) => maxPooling2d(h, 2, 2)] },
    ]);
    return [
      ...convolutions,
      { name: 'fc6', steps: [this.fc6, relu, (h) => dropout(h)] },
      { name: 'fc7', steps: [this.fc7, relu, (h) => dropout(h)] },
      { name: 'fc8', steps: [this.fc8] },
      PROB,
    ];
  }

  protected *caffeSources(): Iterable<CaffeSource> {
    for (const [b, block] of this.blocks.entries())
      for (const [i, conv] of block.entries()) yield [conv, `conv${b + 1}_${i + 1}`];
    yield [this.fc6, 'fc6'];
    yield [this.fc7, 'fc7'];
    yield [this.fc8, 'fc8'];
  }
}

const trainedVgg = (layers: number): Pretrained => ({
  npz: `VGG_ILSVRC_${layers}_layers.npz`,
  caffemodel: `VGG_ILSVRC_${layers}_layers.caffemodel`,
  url: `https://www.robots.ox.ac.uk/%7Evgg/software/very_deep/caffe/VGG_ILSVRC_${layers}_layers.caffemodel`,
  page: 'https://www.robots.ox.ac.uk/~vgg/research/very_deep/',
});

/**
 * VGG with 16 layers: `await L.VGG16Layers.load()` has the trained weights (Creative Commons Attribution); those of
 * `new L.VGG16Layers()` are drawn from N(0, 0.01²). Layers: `conv1_1` to `conv5_3`, `pool1` to `pool5`, `fc6` to `fc8`, `prob`. Follows
 * chainer.links.VGG16Layers.
 */
export class VGG16Layers extends VGGLayers {
  protected readonly pretrained = trainedVgg(16);

  constructor(options: ImageNetOptions = {}) {
    super([2, 2, 3, 3, 3], options);
  }
}

/** VGG with 19 layers; as {@link VGG16Layers}, with a fourth convolution in each of the last three blocks. Follows chainer.links.VGG19Layers. */
export class VGG19Layers extends VGGLayers {
  protected readonly pretrained = trainedVgg(19);

  constructor(options: ImageNetOptions = {}) {
    super([2, 2, 4, 4, 4], options);
  }
}
