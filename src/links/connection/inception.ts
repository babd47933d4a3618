import { Chain } from '../../core/chain.js';
import type { Variable } from '../../core/variable.js';
import { relu } from '../../functions/activation/relu.js';
import { type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { concat } from '../../functions/array/concat.js';
import { maxPooling2d } from '../../functions/pooling/max-pooling-2d.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import { checkOptions } from '../../options.js';
import { Convolution2D } from './convolution-2d.js';

/** Options of {@link Inception}. */
export interface InceptionOptions {
  /** The initial value of all weights. Default LeCunNormal. */
  convInit?: InitializerLike;
  /** The initial value of all biases. Default 0. */
  biasInit?: InitializerLike;
}

/**
 * GoogLeNet's module (Szegedy et al., 2015): 1×1, 3×3, 5×5 convolutions and max pooling side by side, followed by relu. 1×1 convolutions
 * project the latter three. Follows chainer.links.Inception.
 */
export class Inception extends Chain {
  /** The 1×1 convolution. */
  readonly conv1: Convolution2D;
  /** The 1×1 convolution before the 3×3 one. */
  readonly proj3: Convolution2D;
  /** The 3×3 convolution. */
  readonly conv3: Convolution2D;
  /** The 1×1 convolution before the 5×5 one. */
  readonly proj5: Convolution2D;
  /** The 5×5 convolution. */
  readonly conv5: Convolution2D;
  /** The 1×1 convolution after the pooling. */
  readonly projp: Convolution2D;

  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param out1 output channels of the 1×1 branch
   * @param proj3 channels before the 3×3 convolution
   * @param out3 output channels of the 3×3 branch
   * @param proj5 channels before the 5×5 convolution
   * @param out5 output channels of the 5×5 branch
   * @param projPool output channels of the pooled branch
   * @param options initial values of all convolutions
   */
  constructor(
    inChannels: number | null,
    out1: number,
    proj3: number,
    out3: number,
    proj5: number,
    out5: number,
    projPool: number,
    options: InceptionOptions = {},
  ) {
    super();
    checkOptions('Inception', options, { convInit: 1, biasInit: 1 });
    const { convInit: initialW = null, biasInit: initialBias = 0 } = options;
    const init = { initialW, initialBias };
    this.conv1 = new Convolution2D(inChannels, out1, 1, 1, 0, init);
    this.proj3 = new Convolution2D(inChannels, proj3, 1, 1, 0, init);
    this.conv3 = new Convolution2D(proj3, out3, 3, 1, 1, init);
    this.proj5 = new Convolution2D(inChannels, proj5, 1, 1, 0, init);
    this.conv5 = new Convolution2D(proj5, out5, 5, 1, 2, init);
    this.projp = new Convolution2D(inChannels, projPool, 1, 1, 0, init);
  }

  /** x (N, in, H, W) → (N, out1 + out3 + out5 + projPool, H, W). */
  forward(x: FunctionOperand): Variable {
    x = input('Inception', 'x', x);
    const branches = [
      this.conv1(x),
      this.conv3(relu(this.proj3(x))),
      this.conv5(relu(this.proj5(x))),
      this.projp(maxPooling2d(x, 3, 1, 1)),
    ];
    return relu(concat(branches));
  }
}
