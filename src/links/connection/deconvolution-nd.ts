import type { Variable, VariableLike } from '../../core/variable.js';
import { type DeconvolutionNdOptions, deconvolutionNd } from '../../functions/connection/deconvolution-nd.js';
import type { Sizes } from '../../functions/pairs.js';
import type { WeightOptions } from '../link-options.js';
import { WindowLink } from './window-link.js';

/** Options of {@link DeconvolutionND}. */
export interface DeconvolutionNDOptions extends WeightOptions, DeconvolutionNdOptions {}

/**
 * n-dimensional transposed convolution with learnt W (in, out/groups, k₁, …, kₙ) and b (out,); see `F.deconvolutionNd`. With `inChannels`
 * null the number is found at the first call. Follows chainer.links.DeconvolutionND.
 */
export class DeconvolutionND extends WindowLink<DeconvolutionNdOptions> {
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

  protected override weightShape(inChannels: number, groups: number): number[] {
    return [inChannels, this.outChannels / groups, ...this.ksize];
  }

  /** x (N, in, d₁, …, dₙ) → (N, out, …). */
  forward(x: VariableLike): Variable {
    this.initialize(x);
    return deconvolutionNd(x, this.W, this.b, this.stride, this.pad, this.settings);
  }
}

/** {@link DeconvolutionND} of one dimension. Follows chainer.links.Deconvolution1D. */
export class Deconvolution1D extends DeconvolutionND {
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
