/** MobileNetV2 of width 1 (Sandler et al. 2018, https://arxiv.org/abs/1801.04381), as a model of depthwise convolutions. */
import { Chain, ChainList, F, L } from '#rensa';

/** A convolution without bias, normalized. */
class Normalized extends Chain {
  constructor(inChannels, outChannels, ksize, stride = 1, groups = 1) {
    super();
    this.conv = new L.Convolution2D(inChannels, outChannels, ksize, stride, ksize >> 1, { nobias: true, groups });
    this.norm = new L.BatchNormalization(outChannels);
  }

  forward(x) {
    return this.norm(this.conv(x));
  }
}

/** An inverted residual: wider, filtered channel by channel, narrow again. */
class Bottleneck extends Chain {
  constructor(inChannels, outChannels, stride, expansion) {
    super();
    const wide = inChannels * expansion;
    this.expand = expansion > 1 ? new Normalized(inChannels, wide, 1) : null;
    this.filter = new Normalized(wide, wide, 3, stride, wide);
    this.project = new Normalized(wide, outChannels, 1);
    this.shortcut = stride === 1 && inChannels === outChannels;
  }

  forward(x) {
    const wide = this.expand ? F.relu6(this.expand(x)) : x;
    const h = this.project(F.relu6(this.filter(wide)));
    return this.shortcut ? F.add(h, x) : h;
  }
}

/** Expansion, channels, blocks, stride of the first: table 2 of the paper. */
export const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

export class MobileNetV2 extends Chain {
  constructor() {
    super();
    const blocks = [];
    let channels = 32;
    for (const [expansion, outChannels, count, stride] of STAGES) {
      for (let i = 0; i < count; i++) {
        blocks.push(new Bottleneck(channels, outChannels, i === 0 ? stride : 1, expansion));
        channels = outChannels;
      }
    }
    this.stem = new Normalized(3, 32, 3, 2);
    this.blocks = new ChainList(...blocks);
    this.head = new Normalized(channels, 1280, 1);
    this.fc = new L.Linear(1280, 1000);
  }

  /** Scores of 1000 classes for images (N, 3, 224, 224). */
  forward(x) {
    let h = F.relu6(this.stem(x));
    for (const block of this.blocks) h = block(h);
    h = F.relu6(this.head(h));
    return this.fc(F.averagePooling2d(h, 7));
  }
}
