import type { Variable, VariableLike } from '../../core/variable.js';
import { deconvolution2d } from '../../functions/connection/deconvolution-2d.js';
import type { Sizes } from '../../functions/pairs.js';
import { DeconvolutionND, type DeconvolutionNDOptions } from './deconvolution-nd.js';

/**
 * Two-dimensional transposed convolution with learnt W (in, out/groups, kh, kw) and b (out,); see `F.deconvolution2d`. With
 * `inChannels` null the number is found at the first call; `new Deconvolution2D(out, ksize)` is the same. Follows
 * chainer.links.Deconvolution2D.
 */
export class Deconvolution2D extends DeconvolutionND {
  protected readonly given: DeconvolutionNDOptions;

  constructor(
    inChannels: number | null,
    outChannels: number,
    ksize?: Sizes | null,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: DeconvolutionNDOptions = {},
  ) {
    super(2, inChannels, outChannels, ksize, stride, pad, options);
    this.given = options;
  }

  /** x (N, in, h, w) → (N, out, H, W). */
  override forward(x: VariableLike): Variable {
    this.initialize(x);
    const { outsize, dilate, groups } = this.given;
    return deconvolution2d(x, this.W, this.b, this.stride, this.pad, { outsize, dilate, groups });
  }
}
