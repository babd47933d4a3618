/**
 * The nets whose weights their authors gave out as .caffemodel files, layer by layer with Caffe's names, after the published
 * prototxt files. Weights are drawn; `width` makes layers narrower.
 */
import { RandomState } from '../../src/ndarray/random-state.js';
import type { BlobSpec, Fields, LayerSpec } from './caffemodel.js';

/** Builds a net from its first layer to its last. */
class NetBuilder {
  readonly layers: LayerSpec[] = [];
  readonly #random = new RandomState(3);
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  part(channels: number): number {
    return Math.ceil(channels * this.#width);
  }

  #blob(shape: readonly number[], scale: number, offset = 0): BlobSpec {
    const size = shape.reduce((n, m) => n * m, 1);
    return { shape, data: Float32Array.from(this.#random.uniform(offset - scale, offset + scale, size)) };
  }

  add(
    name: string,
    type: string,
    bottoms: readonly string[],
    top: string,
    params: Fields = [],
    blobs: BlobSpec[] = [],
  ) {
    this.layers.push({ name, type, bottoms, tops: [top], blobs, params });
    return top;
  }

  /** A convolution, its channels as they are in full width; `nIn` 3 is a picture's. */
  conv(
    name: string,
    bottom: string,
    nIn: number,
    nOut: number,
    size: number,
    stride = 1,
    pad = 0,
    bias = true,
  ): string {
    const shape = [this.part(nOut), nIn === 3 ? 3 : this.part(nIn), size, size];
    const params: Fields = [
      [
        106,
        [
          [2, bias],
          [3, pad],
          [4, size],
          [6, stride],
        ],
      ],
    ];
    const W = this.#blob(shape, Math.sqrt(6 / (shape[1] * size * size)));
    return this.add(name, 'Convolution', [bottom], name, params, bias ? [W, this.#blob([shape[0]], 0.1)] : [W]);
  }

  linear(name: string, bottom: string, nIn: number, nOut: number): string {
    const blobs = [this.#blob([nOut, nIn], Math.sqrt(3 / nIn)), this.#blob([nOut], 0.1)];
    return this.add(name, 'InnerProduct', [bottom], name, [], blobs);
  }

  relu(name: string, blob: string): string {
    return this.add(name, 'ReLU', [blob], blob);
  }

  /** pool 0: maximum, 1: mean. */
  pool(name: string, bottom: string, pool: number, size: number, stride: number, pad = 0): string {
    return this.add(name, 'Pooling', [bottom], name, [
      [
        121,
        [
          [1, pool],
          [2, size],
          [3, stride],
          [4, pad],
        ],
      ],
    ]);
  }

  /** BatchNorm and Scale in place, as ResNet's files have them. */
  normalize(suffix: string, blob: string, channels: number): string {
    const size = [this.part(channels)];
    const divisor = { shape: [1], data: Float32Array.of(2) };
    const statistics = [this.#blob(size, 0.2), this.#blob(size, 0.5, 2), divisor];
    this.add(
      `bn${suffix}`,
      'BatchNorm',
      [blob],
      blob,
      [
        [
          139,
          [
            [1, true],
            [3, { float: 2e-5 }],
          ],
        ],
      ],
      statistics,
    );
    const scale = [this.#blob(size, 0.3, 0.7), this.#blob(size, 0.2)];
    return this.add(`scale${suffix}`, 'Scale', [blob], blob, [[142, [[4, true]]]], scale);
  }
}

/** VGG_ILSVRC_16_layers or 19. */
export function vggNet(counts: readonly number[], width: number): LayerSpec[] {
  const net = new NetBuilder(width);
  let [blob, nIn] = ['data', 3];
  for (const [b, count] of counts.entries()) {
    for (let i = 1; i <= count; i++) {
      const nOut = [64, 128, 256, 512, 512][b];
      blob = net.relu(`relu${b + 1}_${i}`, net.conv(`conv${b + 1}_${i}`, blob, nIn, nOut, 3, 1, 1));
      nIn = nOut;
    }
    blob = net.pool(`pool${b + 1}`, blob, 0, 2, 2);
  }
  const hidden = net.part(4096);
  blob = net.relu('relu6', net.linear('fc6', blob, 49 * net.part(512), hidden));
  blob = net.add('drop6', 'Dropout', [blob], blob, [[108, [[1, { float: 0.5 }]]]]);
  blob = net.relu('relu7', net.linear('fc7', blob, hidden, hidden));
  blob = net.linear('fc8', blob, hidden, 1000);
  net.add('prob', 'Softmax', [blob], 'prob');
  return net.layers;
}

/** Names of the blocks of ResNet-50, -101 and -152. */
export const RESNET_BLOCKS = {
  50: '2a 2b 2c 3a 3b 3c 3d 4a 4b 4c 4d 4e 4f 5a 5b 5c'.split(' '),
  101: [
    ...'2a 2b 2c 3a 3b1 3b2 3b3 4a'.split(' '),
    ...Array.from({ length: 22 }, (_, i) => `4b${i + 1}`),
    ...'5a 5b 5c'.split(' '),
  ],
  152: [
    ...'2a 2b 2c 3a 3b1 3b2 3b3 3b4 3b5 3b6 3b7 4a'.split(' '),
    ...Array.from({ length: 35 }, (_, i) => `4b${i + 1}`),
    ...'5a 5b 5c'.split(' '),
  ],
};

/** ResNet-50-model and its relatives; only the one with 50 layers has a bias in its first convolution. */
export function resNet(blocks: readonly string[], width: number): LayerSpec[] {
  const net = new NetBuilder(width);
  const has50 = blocks.length === 16;
  let blob = net.conv('conv1', 'data', 3, 64, 7, 2, 3, has50);
  blob = net.relu('conv1_relu', net.normalize('_conv1', blob, 64));
  blob = net.pool('pool1', blob, 0, 3, 2);
  let nIn = 64;
  for (const name of blocks) {
    const nMid = 64 * 2 ** (Number(name[0]) - 2);
    const stride = name.endsWith('a') && name[0] !== '2' ? 2 : 1;
    const conv = (branch: string, from: string, n: number, m: number, size: number, step: number) => {
      const top = net.conv(`res${name}_branch${branch}`, from, n, m, size, step, size === 3 ? 1 : 0, false);
      return net.normalize(`${name}_branch${branch}`, top, m);
    };
    const shortcut = name.endsWith('a') ? conv('1', blob, nIn, 4 * nMid, 1, stride) : blob;
    let h = net.relu(`res${name}_branch2a_relu`, conv('2a', blob, nIn, nMid, 1, stride));
    h = net.relu(`res${name}_branch2b_relu`, conv('2b', h, nMid, nMid, 3, 1));
    h = conv('2c', h, nMid, 4 * nMid, 1, 1);
    blob = net.relu(`res${name}_relu`, net.add(`res${name}`, 'Eltwise', [shortcut, h], `res${name}`));
    nIn = 4 * nMid;
  }
  blob = net.pool('pool5', blob, 1, 7, 1);
  blob = net.linear('fc1000', blob, net.part(2048), 1000);
  net.add('prob', 'Softmax', [blob], 'prob');
  return net.layers;
}

/** Modules of GoogLeNet: 1×1, reduction for 3×3, 3×3, reduction for 5×5, 5×5, projection of the pool. */
const INCEPTIONS: readonly (readonly [string, number[]])[] = [
  ['3a', [64, 96, 128, 16, 32, 32]],
  ['3b', [128, 128, 192, 32, 96, 64]],
  ['4a', [192, 96, 208, 16, 48, 64]],
  ['4b', [160, 112, 224, 24, 64, 64]],
  ['4c', [128, 128, 256, 24, 64, 64]],
  ['4d', [112, 144, 288, 32, 64, 64]],
  ['4e', [256, 160, 320, 32, 128, 128]],
  ['5a', [256, 160, 320, 32, 128, 128]],
  ['5b', [384, 192, 384, 48, 128, 128]],
];

/** bvlc_googlenet. */
export function googLeNet(width: number): LayerSpec[] {
  // Rounded sums are not sums of rounded channels, so these are counted here.
  const part = (channels: number) => Math.ceil(channels * width);
  const net = new NetBuilder(1);
  const lrn: Fields = [
    [
      118,
      [
        [1, 5],
        [2, { float: 1e-4 }],
        [3, { float: 0.75 }],
      ],
    ],
  ];
  const conv = (...args: Parameters<NetBuilder['conv']>) => net.relu(`${args[0]}/relu`, net.conv(...args));
  let blob = net.pool('pool1/3x3_s2', conv('conv1/7x7_s2', 'data', 3, part(64), 7, 2, 3), 0, 3, 2);
  blob = net.add('pool1/norm1', 'LRN', [blob], 'pool1/norm1', lrn);
  blob = conv('conv2/3x3', conv('conv2/3x3_reduce', blob, part(64), part(64), 1), part(64), part(192), 3, 1, 1);
  blob = net.pool('pool2/3x3_s2', net.add('conv2/norm2', 'LRN', [blob], 'conv2/norm2', lrn), 0, 3, 2);
  let nIn = part(192);
  const outputs = new Map<string, [blob: string, channels: number]>();
  for (const [name, channels] of INCEPTIONS) {
    const [out1, proj3, out3, proj5, out5, projPool] = channels.map(part);
    const at = (layer: string) => `inception_${name}/${layer}`;
    const bottoms = [
      conv(at('1x1'), blob, nIn, out1, 1),
      conv(at('3x3'), conv(at('3x3_reduce'), blob, nIn, proj3, 1), proj3, out3, 3, 1, 1),
      conv(at('5x5'), conv(at('5x5_reduce'), blob, nIn, proj5, 1), proj5, out5, 5, 1, 2),
      conv(at('pool_proj'), net.pool(at('pool'), blob, 0, 3, 1, 1), nIn, projPool, 1),
    ];
    blob = net.add(at('output'), 'Concat', bottoms, at('output'));
    nIn = out1 + out3 + out5 + projPool;
    outputs.set(name, [blob, nIn]);
    if (name === '3b' || name === '4e') blob = net.pool(`pool${name[0]}/3x3_s2`, blob, 0, 3, 2);
  }
  blob = net.pool('pool5/7x7_s1', blob, 1, 7, 1);
  blob = net.linear('loss3/classifier', blob, nIn, 1000);
  net.add('prob', 'Softmax', [blob], 'prob');
  for (const [loss, from] of [
    ['loss1', '4a'],
    ['loss2', '4d'],
  ] as const) {
    const [bottom, channels] = outputs.get(from) ?? ['', 0];
    const pooled = conv(`${loss}/conv`, net.pool(`${loss}/ave_pool`, bottom, 1, 5, 3), channels, part(128), 1);
    const fc = net.linear(`${loss}/fc`, pooled, 16 * part(128), part(1024));
    net.linear(`${loss}/classifier`, net.relu(`${loss}/relu_fc`, fc), part(1024), 1000);
  }
  return net.layers;
}
