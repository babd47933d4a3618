import { Chain } from '../../core/chain.js';
import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { relu } from '../../functions/activation/relu.js';
import { type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { checkCounts } from '../../functions/arguments/window-sizes.js';
import { concat } from '../../functions/array/concat.js';
import { averagePooling2d } from '../../functions/pooling/average-pooling-2d.js';
import { maxPooling2d } from '../../functions/pooling/max-pooling-2d.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import { checkOptions } from '../../options.js';
import { BatchNormalization } from '../normalization/batch-normalization.js';
import { Convolution2D } from './convolution-2d.js';

/** Options of {@link InceptionBN}. */
export interface InceptionBNOptions {
  /** The number of channels to which the pooled branch is projected; null: no projection. Default null. */
  projPool?: number | null;
  /** The stride of the last convolution of each branch, and of the pooling. Default 1. */
  stride?: number;
  /** The initial value of all weights. Default LeCunNormal. */
  convInit?: InitializerLike;
}

/**
 * The module of Inception with batch normalization (Ioffe & Szegedy, 2015): 1×1, 3×3, double 3×3 convolutions and pooling
 * side by side, each normalized and passed through relu. Follows chainer.links.InceptionBN.
 */
export class InceptionBN extends Chain {
  /** The convolution of the 1×1 branch; null if there is no such branch. */
  readonly conv1: Convolution2D | null = null;
  /** Normalizes the 1×1 branch; null if there is no such branch. */
  readonly conv1n: BatchNormalization | null = null;
  /** The 1×1 convolution before the 3×3 one. */
  readonly proj3: Convolution2D;
  /** Normalizes the output of `proj3`. */
  readonly proj3n: BatchNormalization;
  /** The 3×3 convolution. */
  readonly conv3: Convolution2D;
  /** Normalizes the output of `conv3`. */
  readonly conv3n: BatchNormalization;
  /** The 1×1 convolution before the two of 3×3. */
  readonly proj33: Convolution2D;
  /** Normalizes the output of `proj33`. */
  readonly proj33n: BatchNormalization;
  /** The first of the two 3×3 convolutions. */
  readonly conv33a: Convolution2D;
  /** Normalizes the output of `conv33a`. */
  readonly conv33an: BatchNormalization;
  /** The second of the two 3×3 convolutions. */
  readonly conv33b: Convolution2D;
  /** Normalizes the output of `conv33b`. */
  readonly conv33bn: BatchNormalization;
  /** The 1×1 convolution after the pooling; null if there is none. */
  readonly poolp: Convolution2D | null = null;
  /** Normalizes the output of `poolp`; null if there is none. */
  readonly poolpn: BatchNormalization | null = null;
  /** The stride of the last convolution of each branch, and of the pooling. */
  readonly stride: number;

  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param out1 output channels of the 1×1 branch; 0: no such branch
   * @param proj3 channels before the 3×3 convolution
   * @param out3 output channels of the 3×3 branch
   * @param proj33 channels before and between the two 3×3 convolutions
   * @param out33 output channels of the branch of two 3×3 convolutions
   * @param options `projPool`, `stride`, `convInit`
   */
  constructor(
    inChannels: number | null,
    out1: number,
    proj3: number,
    out3: number,
    proj33: number,
    out33: number,
    /** The pooling of the last branch. */
    readonly poolType: 'max' | 'avg',
    options: InceptionBNOptions = {},
  ) {
    super();
    checkOptions('InceptionBN', options, { projPool: 1, stride: 1, convInit: 1 });
    checkCounts('InceptionBN', { out1, proj3, out3, proj33, out33 });
    const { projPool = null, stride = 1, convInit: initialW = null } = options;
    this.stride = stride;
    if (out1 > 0 && (stride !== 1 || projPool === null)) {
      throw new ValueError(
        `InceptionBN: a 1×1 branch needs stride 1 and projPool, got stride ${stride}, projPool ${projPool}`,
      );
    }
    const conv = (nIn: number | null, nOut: number, ksize: number, by: number, pad: number) =>
      new Convolution2D(nIn, nOut, ksize, by, pad, { initialW, nobias: true });
    this.proj3 = conv(inChannels, proj3, 1, 1, 0);
    this.proj3n = new BatchNormalization(proj3);
    this.conv3 = conv(proj3, out3, 3, stride, 1);
    this.conv3n = new BatchNormalization(out3);
    this.proj33 = conv(inChannels, proj33, 1, 1, 0);
    this.proj33n = new BatchNormalization(proj33);
    this.conv33a = conv(proj33, out33, 3, 1, 1);
    this.conv33an = new BatchNormalization(out33);
    this.conv33b = conv(out33, out33, 3, stride, 1);
    this.conv33bn = new BatchNormalization(out33);
    if (out1 > 0) {
      this.conv1 = conv(inChannels, out1, 1, 1, 0);
      this.conv1n = new BatchNormalization(out1);
    }
    if (projPool !== null) {
      this.poolp = conv(inChannels, projPool, 1, 1, 0);
      this.poolpn = new BatchNormalization(projPool);
    }
  }

  /** x (N, in, H, W) → (N, the channels of all branches, oh, ow). */
  forward(x: FunctionOperand): Variable {
    x = input('InceptionBN', 'x', x);
    const branches: Variable[] = [];
    if (this.conv1 && this.conv1n) branches.push(relu(this.conv1n(this.conv1(x))));
    const h3 = relu(this.proj3n(this.proj3(x)));
    branches.push(relu(this.conv3n(this.conv3(h3))));
    let h33 = relu(this.proj33n(this.proj33(x)));
    h33 = relu(this.conv33an(this.conv33a(h33)));
    branches.push(relu(this.conv33bn(this.conv33b(h33))));
    const pooled =
      this.poolType === 'max'
        ? maxPooling2d(x, 3, this.stride, 1, { coverAll: false })
        : averagePooling2d(x, 3, this.stride, 1);
    branches.push(this.poolp && this.poolpn ? relu(this.poolpn(this.poolp(pooled))) : pooled);
    return concat(branches);
  }
}
