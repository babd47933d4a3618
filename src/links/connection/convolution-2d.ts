import type { Variable } from '../../core/variable.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import type { Sizes } from '../../functions/arguments/window-sizes.js';
import { convolution2d } from '../../functions/connection/convolution-2d.js';
import type { WeightOptions } from '../link-options.js';
import { WindowLink } from './window-link.js';

/** Settings of a convolution besides stride and padding. */
interface Convolution2DSettings {
  /** The distance between the pixels that a window reads. Default 1. */
  dilate?: Sizes;
  /** The number of groups of channels, each convolved by itself. Default 1. */
  groups?: number;
}

/** Options of {@link Convolution2D}. */
export interface Convolution2DOptions extends WeightOptions, Convolution2DSettings {}

/**
 * Two-dimensional convolution with learnt W (out, in/groups, kh, kw) and b (out,); see {@link convolution2d}. With `inChannels` null, or
 * in the short form `new Convolution2D(out, ksize)`, the first call sets the number of input channels. Follows
 * chainer.links.Convolution2D.
 *
 * @example
 * const conv = new L.Convolution2D(1, 1, 2, 1, 0, { initialW: 1 }); // sums over windows of 2×2
 * conv(np.arange(9).reshape([1, 1, 3, 3]).astype('float32')).array.tolist(); // [[[[8, 12], [20, 24]]]]
 */
export class Convolution2D extends WindowLink<Convolution2DSettings> {
  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param outChannels channels of the output
   * @param ksize height and width of the kernel: a number for all, or one for each. Left out: the arguments are `(outChannels,
   *   ksize)`, and the channels of the input are set by the first call
   * @param stride step of the kernel. Default 1
   * @param pad zeros around the input, on each side. Default 0
   * @param options `nobias`, `dilate`, `groups`, `initialW`, `initialBias`
   */
  constructor(
    inChannels: number | null,
    outChannels: number,
    ksize?: Sizes | null,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: Convolution2DOptions = {},
  ) {
    super(2, inChannels, outChannels, ksize, stride, pad, options);
  }

  /** The distance between the pixels that a window reads. */
  get dilate(): Sizes {
    return this.settings.dilate ?? 1;
  }

  protected override settingNames(): Readonly<Record<keyof Convolution2DSettings, unknown>> {
    return { dilate: 1, groups: 1 };
  }

  protected override weightShape(inChannels: number, groups: number): number[] {
    return [this.outChannels, inChannels / groups, ...this.ksize];
  }

  /** x (N, in, H, W) → (N, out, oh, ow). */
  forward(x: FunctionOperand): Variable {
    this.initialize(x);
    return convolution2d(x, this.W, this.b, this.stride, this.pad, this.settings);
  }
}
