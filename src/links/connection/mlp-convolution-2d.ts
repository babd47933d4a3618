import { ChainList } from '../../core/chain-list.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { relu } from '../../functions/activation/relu.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import type { Sizes } from '../../functions/arguments/window-sizes.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import { checkOptions, inWords } from '../../options.js';
import { Convolution2D } from './convolution-2d.js';

/** Options of {@link MLPConvolution2D}. */
export interface MLPConvolution2DOptions {
  /** The activation between the layers. Default relu. */
  activation?: (x: VariableLike) => Variable;
  /** The initial value of all weights. Default LeCunNormal. */
  convInit?: InitializerLike;
  /** The initial value of all biases. Default 0. */
  biasInit?: InitializerLike;
}

/**
 * A convolution followed by 1×1 convolutions, with activations between them (Lin et al., "Network in network", 2014). Follows
 * chainer.links.MLPConvolution2D.
 */
export class MLPConvolution2D extends ChainList<Convolution2D> {
  /** The activation between the convolutions. Default `F.relu`. */
  readonly activation: (x: VariableLike) => Variable;

  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param outChannels output channels of each convolution; the first has windows of `ksize`, the others of 1
   * @param ksize height and width of the kernel of the first convolution
   * @param stride step of the first convolution. Default 1
   * @param pad zeros around the input of the first convolution, on each side. Default 0
   * @param options `activation`, `convInit`, `biasInit`
   */
  constructor(
    inChannels: number | null,
    outChannels: readonly number[],
    ksize: Sizes,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: MLPConvolution2DOptions = {},
  ) {
    checkOptions('MLPConvolution2D', options, { activation: 1, convInit: 1, biasInit: 1 });
    if (!Array.isArray(outChannels))
      throw new TypeError(`MLPConvolution2D: outChannels is ${inWords(outChannels)}, expected a list of integers`);
    if (outChannels.length === 0) throw new ValueError('MLPConvolution2D: outChannels is empty, expected one or more');
    const { activation = relu, convInit: initialW = null, biasInit: initialBias = 0 } = options;
    const init = { initialW, initialBias };
    super(
      ...outChannels.map((nOut, i) =>
        i === 0
          ? new Convolution2D(inChannels, nOut, ksize, stride, pad, init)
          : new Convolution2D(outChannels[i - 1], nOut, 1, 1, 0, init),
      ),
    );
    this.activation = activation;
  }

  /** x (N, in, H, W) → (N, last of outChannels, oh, ow). */
  forward(x: FunctionOperand): Variable {
    const [first, ...rest] = this.children();
    return rest.reduce((h, layer) => layer(this.activation(h)), first(x));
  }
}
