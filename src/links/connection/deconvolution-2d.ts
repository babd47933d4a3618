import type { Variable, VariableLike } from '../../core/variable.js';
import { type Deconvolution2dOptions, deconvolution2d } from '../../functions/connection/deconvolution-2d.js';
import type { Sizes } from '../../functions/pairs.js';
import type { DeconvolutionNDOptions } from './deconvolution-nd.js';
import { WindowLink } from './window-link.js';

/**
 * Two-dimensional transposed convolution with learnt W (in, out/groups, kh, kw) and b (out,); see `F.deconvolution2d`. With
 * `inChannels` null the number is found at the first call; `new Deconvolution2D(out, ksize)` is the same. Follows
 * chainer.links.Deconvolution2D.
 */
export class Deconvolution2D extends WindowLink<Deconvolution2dOptions> {
  constructor(
    inChannels: number | null,
    outChannels: number,
    ksize?: Sizes | null,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: DeconvolutionNDOptions = {},
  ) {
    super(2, inChannels, outChannels, ksize, stride, pad, options);
  }

  protected override weightShape(inChannels: number, groups: number): number[] {
    return [inChannels, this.outChannels / groups, ...this.ksize];
  }

  /** x (N, in, h, w) → (N, out, H, W). */
  forward(x: VariableLike): Variable {
    this.initialize(x);
    return deconvolution2d(x, this.W, this.b, this.stride, this.pad, this.settings);
  }
}
