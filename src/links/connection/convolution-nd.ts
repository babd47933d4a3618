import type { Variable, VariableLike } from '../../core/variable.js';
import { type ConvolutionNdOptions, convolutionNd } from '../../functions/connection/convolution-nd.js';
import type { Sizes } from '../../functions/pairs.js';
import type { WeightOptions } from '../link-options.js';
import { WindowLink } from './window-link.js';

/** Options of {@link ConvolutionND}. */
export interface ConvolutionNDOptions extends WeightOptions, ConvolutionNdOptions {}

/**
 * n-dimensional convolution with learnt W (out, in/groups, k₁, …, kₙ) and b (out,); see `F.convolutionNd`. With `inChannels`
 * null the number is found at the first call. Follows chainer.links.ConvolutionND.
 */
export class ConvolutionND extends WindowLink<ConvolutionNdOptions> {
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

  protected override weightShape(inChannels: number, groups: number): number[] {
    return [this.outChannels, inChannels / groups, ...this.ksize];
  }

  /** x (N, in, d₁, …, dₙ) → (N, out, …). */
  forward(x: VariableLike): Variable {
    this.initialize(x);
    return convolutionNd(x, this.W, this.b, this.stride, this.pad, this.settings);
  }
}

/** {@link ConvolutionND} of one dimension. Follows chainer.links.Convolution1D. */
export class Convolution1D extends ConvolutionND {
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
