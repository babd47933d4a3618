import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { checkNdim, type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { checkCounts, pair, type Sizes } from '../../functions/arguments/window-sizes.js';
import { depthwiseConvolution2d } from '../../functions/connection/depthwise-convolution-2d.js';
import { checkOptions } from '../../options.js';
import type { WeightOptions } from '../link-options.js';

/**
 * Convolves each channel by itself, with learnt W (multiplier, in, kh, kw) and b (in·multiplier,); see
 * `F.depthwiseConvolution2d`. With `inChannels` null, the first call sets the number of input channels. Follows
 * chainer.links.DepthwiseConvolution2D.
 */
export class DepthwiseConvolution2D extends Link {
  /** The weights (channelMultiplier, in, kh, kw). */
  readonly W: Parameter;
  /** The bias (in · channelMultiplier,); null with `nobias`. */
  readonly b: Parameter | null;

  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param options `nobias`, `initialW`, `initialBias`
   */
  constructor(
    inChannels: number | null,
    /** The number of output channels for each input channel. */
    readonly channelMultiplier: number,
    /** Height and width of the kernel. */
    readonly ksize: Sizes,
    /** Step of the kernel. */
    readonly stride: Sizes = 1,
    /** Zeros around the input. */
    readonly pad: Sizes = 0,
    options: WeightOptions = {},
  ) {
    super();
    checkOptions('DepthwiseConvolution2D', options, { nobias: 1, initialW: 1, initialBias: 1 });
    checkCounts('DepthwiseConvolution2D', { inChannels: inChannels ?? 0, channelMultiplier });
    pair('DepthwiseConvolution2D', 'ksize', ksize, 1);
    const { nobias = false, initialW = null, initialBias = 0 } = options;
    this.W = new Parameter(initialW, null, { name: 'W' });
    this.b = nobias ? null : new Parameter(initialBias ?? 0, null, { name: 'b' });
    if (inChannels !== null) this.initialize(inChannels);
  }

  /** Gives the weights their shape at the first call. */
  protected initialize(inChannels: number): void {
    const ksize = pair('DepthwiseConvolution2D', 'ksize', this.ksize, 1);
    this.W.initialize([this.channelMultiplier, inChannels, ...ksize]);
    this.b?.initialize([this.channelMultiplier * inChannels]);
  }

  /** x (N, in, H, W) → (N, in·multiplier, oh, ow). */
  forward(x: FunctionOperand): Variable {
    x = input('DepthwiseConvolution2D', 'x', x);
    if (!this.W.isInitialized) {
      checkNdim('DepthwiseConvolution2D', 'x', x, 'N, C, H, W');
      this.initialize(x.shape[1]);
    }
    return depthwiseConvolution2d(x, this.W, this.b, this.stride, this.pad);
  }
}
