import type { Variable } from '../../core/variable.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import type { Sizes } from '../../functions/arguments/window-sizes.js';
import { type ConvolutionNdOptions, convolutionNd } from '../../functions/connection/convolution-nd.js';
import type { WeightOptions } from '../link-options.js';
import { WindowLink } from './window-link.js';

/** Options of {@link ConvolutionND}. */
export interface ConvolutionNDOptions extends WeightOptions, ConvolutionNdOptions {}

/**
 * n-dimensional convolution with learnt W (out, in/groups, k₁, …, kₙ) and b (out,); see `F.convolutionNd`. With `inChannels` null, the
 * first call sets the number of input channels. Follows chainer.links.ConvolutionND.
 */
export class ConvolutionND extends WindowLink<ConvolutionNdOptions> {
  /**
   * @param ndim the number of spatial axes
   * @param inChannels channels of the input; null: set by the first call
   * @param outChannels channels of the output
   * @param ksize lengths of the kernel along the spatial axes: a number for all, or one for each. Left out: the arguments are
   *   `(outChannels, ksize)`, and the channels of the input are set by the first call
   * @param stride step of the kernel. Default 1
   * @param pad zeros around the input, on each side. Default 0
   * @param options `nobias`, `coverAll`, `dilate`, `groups`, `initialW`, `initialBias`
   */
  constructor(
    ndim: number,
    inChannels: number | null,
    outChannels: number | null,
    ksize?: Sizes | null,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: ConvolutionNDOptions = {},
  ) {
    super(ndim, inChannels, outChannels, ksize, stride, pad, options);
  }

  protected override settingNames(): Readonly<Record<keyof ConvolutionNdOptions, unknown>> {
    return { coverAll: 1, dilate: 1, groups: 1 };
  }

  protected override weightShape(inChannels: number, groups: number): number[] {
    return [this.outChannels, inChannels / groups, ...this.ksize];
  }

  /** x (N, in, d₁, …, dₙ) → (N, out, …). */
  forward(x: FunctionOperand): Variable {
    this.initialize(x);
    return convolutionNd(x, this.W, this.b, this.stride, this.pad, this.settings);
  }
}

/** {@link ConvolutionND} of one dimension. Follows chainer.links.Convolution1D. */
export class Convolution1D extends ConvolutionND {
  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param outChannels channels of the output
   * @param ksize length of the kernel: a number for all, or one for each. Left out: the arguments are `(outChannels, ksize)`, and
   *   the channels of the input are set by the first call
   * @param stride step of the kernel. Default 1
   * @param pad zeros around the input, on each side. Default 0
   * @param options `nobias`, `coverAll`, `dilate`, `groups`, `initialW`, `initialBias`
   */
  constructor(
    inChannels: number | null,
    outChannels: number,
    ksize?: Sizes | null,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: ConvolutionNDOptions = {},
  ) {
    super(1, inChannels, outChannels, ksize, stride, pad, options);
  }
}

/** {@link ConvolutionND} of three dimensions. Follows chainer.links.Convolution3D. */
export class Convolution3D extends ConvolutionND {
  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param outChannels channels of the output
   * @param ksize depth, height and width of the kernel: a number for all, or one for each. Left out: the arguments are
   *   `(outChannels, ksize)`, and the channels of the input are set by the first call
   * @param stride step of the kernel. Default 1
   * @param pad zeros around the input, on each side. Default 0
   * @param options `nobias`, `coverAll`, `dilate`, `groups`, `initialW`, `initialBias`
   */
  constructor(
    inChannels: number | null,
    outChannels: number,
    ksize?: Sizes | null,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: ConvolutionNDOptions = {},
  ) {
    super(3, inChannels, outChannels, ksize, stride, pad, options);
  }
}
