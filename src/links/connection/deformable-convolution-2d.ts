import { Chain } from '../../core/chain.js';
import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { checkNdim, type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { checkCounts, pair, type Sizes } from '../../functions/arguments/window-sizes.js';
import { deformableConvolution2dSampler } from '../../functions/connection/deformable-convolution-2d-sampler.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import { checkOptions } from '../../options.js';
import { Convolution2D } from './convolution-2d.js';

/** Options of {@link DeformableConvolution2D}. */
export interface DeformableConvolution2DOptions {
  /** Whether the convolution of offsets has no bias. Default false. */
  offsetNobias?: boolean;
  /** The initial value of the offsets' weight. Default 0: an ordinary convolution. */
  offsetInitialW?: InitializerLike;
  /** The initial value of the bias of offsets. Default 0. */
  offsetInitialBias?: InitializerLike;
  /** Whether the deformed convolution has no bias. Default false. */
  deformNobias?: boolean;
  /** The initial value of the deformed convolution's weight. Default LeCunNormal. */
  deformInitialW?: InitializerLike;
  /** The initial value of the bias of the deformed convolution. Default 0. */
  deformInitialBias?: InitializerLike;
}

/** The weights of the deformed convolution, applied to the pixels at the offsets. */
class DeformConvolution extends Link {
  readonly W: Parameter;
  readonly b: Parameter | null;

  constructor(
    inChannels: number | null,
    readonly outChannels: number,
    readonly ksize: Sizes,
    readonly stride: Sizes,
    readonly pad: Sizes,
    { deformNobias = false, deformInitialW = null, deformInitialBias = 0 }: DeformableConvolution2DOptions,
  ) {
    super();
    this.W = new Parameter(deformInitialW, inChannels === null ? null : this.weightShape(inChannels), { name: 'W' });
    this.b = deformNobias ? null : new Parameter(deformInitialBias ?? 0, [outChannels], { name: 'b' });
  }

  protected weightShape(inChannels: number): number[] {
    return [this.outChannels, inChannels, ...pair('DeformableConvolution2D', 'ksize', this.ksize, 1)];
  }

  forward(x: FunctionOperand, offset: FunctionOperand): Variable {
    x = input('DeformableConvolution2D', 'x', x);
    if (!this.W.isInitialized) {
      checkNdim('DeformableConvolution2D', 'x', x, 'N, C, H, W');
      this.W.initialize(this.weightShape(x.shape[1]));
    }
    return deformableConvolution2dSampler(x, offset, this.W, this.b, this.stride, this.pad);
  }
}

/**
 * Convolution whose windows are deformed by learnt offsets (Dai et al., 2017): one convolution computes an offset for each pixel of each
 * window, and `F.deformableConvolution2dSampler` reads the pixels there. Follows chainer.links.DeformableConvolution2D.
 */
export class DeformableConvolution2D extends Chain {
  /** The convolution that computes the offsets. */
  readonly offsetConv: Convolution2D;
  /** The convolution of the sampled pixels. */
  readonly deformConv: DeformConvolution;

  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param outChannels channels of the output
   * @param ksize height and width of the kernel
   * @param stride step of the kernel. Default 1
   * @param pad zeros around the input, on each side. Default 0
   * @param options initial values and biases of both convolutions
   */
  constructor(
    inChannels: number | null,
    outChannels: number,
    ksize: Sizes,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: DeformableConvolution2DOptions = {},
  ) {
    super();
    checkOptions('DeformableConvolution2D', options, {
      offsetNobias: 1,
      offsetInitialW: 1,
      offsetInitialBias: 1,
      deformNobias: 1,
      deformInitialW: 1,
      deformInitialBias: 1,
    });
    checkCounts('DeformableConvolution2D', { outChannels });
    const { offsetNobias: nobias = false, offsetInitialW = 0, offsetInitialBias: initialBias = 0 } = options;
    const initialW = offsetInitialW ?? 0;
    const [kh, kw] = pair('DeformableConvolution2D', 'ksize', ksize, 1);
    this.offsetConv = new Convolution2D(inChannels, 2 * kh * kw, ksize, stride, pad, { nobias, initialW, initialBias });
    this.deformConv = new DeformConvolution(inChannels, outChannels, ksize, stride, pad, options);
  }

  protected override keyOf(field: string): string {
    return { offsetConv: 'offset_conv', deformConv: 'deform_conv' }[field] ?? field;
  }

  /** x (N, in, H, W) → (N, out, oh, ow). */
  forward(x: FunctionOperand): Variable {
    x = input('DeformableConvolution2D', 'x', x);
    return this.deformConv(x, this.offsetConv(x));
  }
}
