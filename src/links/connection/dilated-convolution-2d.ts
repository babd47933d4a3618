import type { Sizes } from '../../functions/arguments/window-sizes.js';
import type { WeightOptions } from '../link-options.js';
import { Convolution2D } from './convolution-2d.js';

/** {@link Convolution2D} with dilated windows; `dilate` is a positional argument. Follows chainer.links.DilatedConvolution2D. */
export class DilatedConvolution2D extends Convolution2D {
  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param outChannels channels of the output
   * @param ksize height and width of the kernel: a number for all, or one for each. Left out: the arguments are `(outChannels,
   *   ksize)`, and the channels of the input are set by the first call
   * @param stride step of the kernel. Default 1
   * @param pad zeros around the input, on each side. Default 0
   * @param dilate distance between the pixels that one window reads. Default 1
   * @param options `nobias`, `initialW`, `initialBias`
   */
  constructor(
    inChannels: number | null,
    outChannels: number,
    ksize?: Sizes | null,
    stride: Sizes = 1,
    pad: Sizes = 0,
    dilate: Sizes = 1,
    options: WeightOptions = {},
  ) {
    super(inChannels, outChannels, ksize, stride, pad, { ...options, dilate });
  }
}
