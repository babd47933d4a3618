import type { Variable } from '../../core/variable.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import type { Sizes } from '../../functions/arguments/window-sizes.js';
import { type Deconvolution2dOptions, deconvolution2d } from '../../functions/connection/deconvolution-2d.js';
import type { DeconvolutionNDOptions } from './deconvolution-nd.js';
import { WindowLink } from './window-link.js';

/**
 * Two-dimensional transposed convolution with learnt W (in, out/groups, kh, kw) and b (out,); see `F.deconvolution2d`. With `inChannels`
 * null, or in the short form `new Deconvolution2D(out, ksize)`, the first call sets the number of input channels. Follows
 * chainer.links.Deconvolution2D.
 *
 * @example
 * const deconv = new L.Deconvolution2D(1, 1, 2, 2, 0, { initialW: 1 }); // each pixel becomes a square of 2×2
 * deconv(np.array([[[[1, 2]]]])).array.tolist(); // [[[[1, 1, 2, 2], [1, 1, 2, 2]]]]
 */
export class Deconvolution2D extends WindowLink<Deconvolution2dOptions> {
  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param outChannels channels of the output
   * @param ksize height and width of the kernel: a number for all, or one for each. Left out: the arguments are `(outChannels,
   *   ksize)`, and the channels of the input are set by the first call
   * @param stride step of the kernel. Default 1
   * @param pad rows and columns cut off the output, on each side. Default 0
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
    super(2, inChannels, outChannels, ksize, stride, pad, options);
  }

  protected override settingNames(): Readonly<Record<keyof Deconvolution2dOptions, unknown>> {
    return { outsize: 1, dilate: 1, groups: 1 };
  }

  protected override weightShape(inChannels: number, groups: number): number[] {
    return [inChannels, this.outChannels / groups, ...this.ksize];
  }

  /** x (N, in, h, w) → (N, out, H, W). */
  forward(x: FunctionOperand): Variable {
    this.initialize(x);
    return deconvolution2d(x, this.W, this.b, this.stride, this.pad, this.settings);
  }
}
