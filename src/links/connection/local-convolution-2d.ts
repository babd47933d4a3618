import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { checkNdim, type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { checkCounts, pair, type Sizes, windowCount } from '../../functions/arguments/window-sizes.js';
import { localConvolution2d } from '../../functions/connection/local-convolution-2d.js';
import { checkOptions } from '../../options.js';
import type { WeightOptions } from '../link-options.js';

/**
 * Convolution with its own weights for each output pixel: W (out, oh, ow, in, kh, kw), b (out, oh, ow); see
 * `F.localConvolution2d`. If `inChannels` or `inSize` is null, the first call sets both. Follows
 * chainer.links.LocalConvolution2D.
 */
export class LocalConvolution2D extends Link {
  /** The weights (out, output height, output width, in, kh, kw). */
  readonly W: Parameter;
  /** The bias (out, output height, output width); null with `nobias`. */
  readonly b: Parameter | null;

  /**
   * @param inChannels channels of the input; null: set by the first call
   * @param inSize height and width of the input; null: set by the first call
   * @param options `nobias`, `initialW`, `initialBias`
   */
  constructor(
    inChannels: number | null,
    /** Output channels. */
    readonly outChannels: number,
    inSize: Sizes | null = null,
    /** Height and width of the kernel. */
    readonly ksize: Sizes | null = null,
    /** Step of the kernel. */
    readonly stride: Sizes = 1,
    options: WeightOptions = {},
  ) {
    super();
    if (ksize === null) throw new ValueError('LocalConvolution2D: ksize is missing');
    checkOptions('LocalConvolution2D', options, { nobias: 1, initialW: 1, initialBias: 1 });
    checkCounts('LocalConvolution2D', { inChannels: inChannels ?? 0, outChannels });
    pair('LocalConvolution2D', 'ksize', ksize, 1);
    const { nobias = false, initialW = null, initialBias = 0 } = options;
    this.W = new Parameter(initialW, null, { name: 'W' });
    this.b = nobias ? null : new Parameter(initialBias ?? 0, null, { name: 'b' });
    if (inChannels !== null && inSize !== null) {
      this.initialize(inChannels, pair('LocalConvolution2D', 'inSize', inSize, 1));
    }
  }

  /** Gives the weights their shape at the first call. */
  protected initialize(inChannels: number, [height, width]: readonly number[]): void {
    const op = 'LocalConvolution2D';
    const [kh, kw] = pair(op, 'ksize', this.ksize ?? 1, 1);
    const [sy, sx] = pair(op, 'stride', this.stride, 1);
    const [oh, ow] = [windowCount(op, height, kh, sy, 0), windowCount(op, width, kw, sx, 0)];
    this.W.initialize([this.outChannels, oh, ow, inChannels, kh, kw]);
    this.b?.initialize([this.outChannels, oh, ow]);
  }

  /** x (N, in, H, W) → (N, out, oh, ow). */
  forward(x: FunctionOperand): Variable {
    x = input('LocalConvolution2D', 'x', x);
    if (!this.W.isInitialized) {
      checkNdim('LocalConvolution2D', 'x', x, 'N, C, H, W');
      this.initialize(x.shape[1], x.shape.slice(2));
    }
    return localConvolution2d(x, this.W, this.b, this.stride);
  }
}
