import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { type ConvolutionNdOptions, convolutionNd } from '../../functions/connection/convolution-nd.js';
import { type Sizes, sizes } from '../../functions/pairs.js';
import type { WeightOptions } from '../link-options.js';

/** Options of {@link ConvolutionND}. */
export interface ConvolutionNDOptions extends WeightOptions, ConvolutionNdOptions {}

/**
 * n-dimensional convolution with learnt W (out, in/groups, k₁, …, kₙ) and b (out,); see `F.convolutionNd`. With `inChannels`
 * null the number is found at the first call. Follows chainer.links.ConvolutionND.
 */
export class ConvolutionND extends Link {
  readonly W: Parameter;
  readonly b: Parameter | null;
  readonly ksize: readonly number[];
  protected readonly settings: ConvolutionNdOptions;

  constructor(
    readonly ndim: number,
    inChannels: number | null,
    readonly outChannels: number | null,
    ksize?: Sizes | null,
    readonly stride: Sizes = 1,
    readonly pad: Sizes = 0,
    options: ConvolutionNDOptions = {},
  ) {
    super();
    // Chainer's short form: (ndim, out, ksize), the input's channels found later.
    const short = ksize === undefined || ksize === null;
    const [cIn, cOut, k] = short ? [null, inChannels, outChannels] : [inChannels, outChannels, ksize];
    if (cOut === null || k === null) throw new ValueError('ConvolutionND: output channels and ksize are needed');
    this.outChannels = cOut;
    const { nobias = false, initialW = null, initialBias = 0, ...call } = options;
    this.settings = call;
    this.ksize = sizes('ConvolutionND', 'ksize', k, ndim, 1);
    this.W = new Parameter(initialW, cIn === null ? null : this.weightShape(cIn), { name: 'W' });
    this.b = nobias ? null : new Parameter(initialBias ?? 0, [cOut], { name: 'b' });
  }

  protected weightShape(inChannels: number): number[] {
    const { groups = 1 } = this.settings;
    const out = this.outChannels ?? 0;
    if (inChannels % groups !== 0 || out % groups !== 0) {
      throw new ShapeError(
        `ConvolutionND: ${inChannels} input and ${out} output channels do not divide into ${groups} groups`,
      );
    }
    return [out, inChannels / groups, ...this.ksize];
  }

  /** x (N, in, d₁, …, dₙ) → (N, out, …). */
  forward(x: VariableLike): Variable {
    if (!this.W.isInitialized) this.W.initialize(this.weightShape(x.shape[1]));
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
