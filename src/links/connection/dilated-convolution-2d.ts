import type { Sizes } from '../../functions/pairs.js';
import type { WeightOptions } from '../link-options.js';
import { Convolution2D } from './convolution-2d.js';

/** {@link Convolution2D} whose windows are spread out, the dilation positional. Follows chainer.links.DilatedConvolution2D. */
export class DilatedConvolution2D extends Convolution2D {
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
