import type { Variable } from '../../core/variable.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import type { Sizes } from '../../functions/arguments/window-sizes.js';
import { type DeconvolutionNdOptions, deconvolutionNd } from '../../functions/connection/deconvolution-nd.js';
import type { WeightOptions } from '../link-options.js';
import { WindowLink } from './window-link.js';

/** Options of {@link DeconvolutionND}. */
export interface DeconvolutionNDOptions extends WeightOptions, DeconvolutionNdOptions {}

/**
 * n-dimensional transposed convolution with learnt W (in, out/groups, k₁, …, kₙ) and b (out,); see `F.deconvolutionNd`. With `inChannels`
 * null, the first call sets the number of input channels. Follows chainer.links.DeconvolutionND.
 */
export class DeconvolutionND extends WindowLink<DeconvolutionNdOptions> {
  /**
   * @param ndim the number of spatial axes
   * @param inChannels channels of the input; null: set by the first call
   * @param outChannels channels of the output
   * @param ksize lengths of the kernel along the spatial axes: a number for all, or one for each. Left out: the arguments are
   *   `(outChannels, ksize)`, and the channels of the input are set by the first call
   * @param stride step of the kernel. Default 1
   * @param pad elements cut off the output, on each side. Default 0
   * @param options `nobias`, `outsize`, `dilate`, `groups`, `initialW`, `initialBias`
   */
  constructor(
    ndim: number,
    inChannels: number | null,
    outChannels: number | null,
    ksize?: Sizes | null,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: DeconvolutionNDOptions = {},
  ) {
    super(ndim, inChannels, outChannels, ksize, stride, pad, options);
  }

  protected override settingNames(): Readonly<Record<keyof DeconvolutionNdOptions, unknown>> {
    return { outsize: 1, dilate: 1, groups: 1 };
  }

  protected override weightShape(inChannels: number, groups: number): number[] {
    return [inChannels, this.outChannels / groups, ...this.ksize];
  }

  /** x (N, in, d₁, …, dₙ) → (N, out, …). */
  forward(x: FunctionOperand): Variable {
    this.initialize(x);
    return deconvolutionNd(x, this.W, this.b, this.stride, this.pad, this.settings);
  }
}

/** {@link DeconvolutionND} of one dimension. Follows chainer.links.Deconvolution1D. */
export class Deconvolution1D extends DeconvolutionND {
  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param outChannels channels of the output
   * @param ksize length of the kernel: a number for all, or one for each. Left out: the arguments are `(outChannels, ksize)`, and
   *   the channels of the input are set by the first call
   * @param stride step of the kernel. Default 1
   * @param pad elements cut off the output, on each side. Default 0
   * @param options `nobias`, `outsize`, `dilate`, `groups`, `initialW`, `initialBias`
   */
  constructor(
    inChannels: number | null,
    outChannels: number,
    ksize?: Sizes | null,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: DeconvolutionNDOptions = {},
  ) {
    super(1, inChannels, outChannels, ksize, stride, pad, options);
  }
}

/** {@link DeconvolutionND} of three dimensions. Follows chainer.links.Deconvolution3D. */
export class Deconvolution3D extends DeconvolutionND {
  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param outChannels channels of the output
   * @param ksize depth, height and width of the kernel: a number for all, or one for each. Left out: the arguments are
   *   `(outChannels, ksize)`, and the channels of the input are set by the first call
   * @param stride step of the kernel. Default 1
   * @param pad elements cut off the output, on each side. Default 0
   * @param options `nobias`, `outsize`, `dilate`, `groups`, `initialW`, `initialBias`
   */
  constructor(
    inChannels: number | null,
    outChannels: number,
    ksize?: Sizes | null,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: DeconvolutionNDOptions = {},
  ) {
    super(3, inChannels, outChannels, ksize, stride, pad, options);
  }
}
