import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { type DeconvolutionNdOptions, deconvolutionNd } from '../../functions/connection/deconvolution-nd.js';
import { type Sizes, sizes } from '../../functions/pairs.js';
import type { WeightOptions } from '../link-options.js';

/** Options of {@link DeconvolutionND}. */
export interface DeconvolutionNDOptions extends WeightOptions, DeconvolutionNdOptions {}

/**
 * n-dimensional transposed convolution with learnt W (in, out/groups, k₁, …, kₙ) and b (out,); see `F.deconvolutionNd`. With
 * `inChannels` null the number is found at the first call. Follows chainer.links.DeconvolutionND.
 */
export class DeconvolutionND extends Link {
  readonly W: Parameter;
  readonly b: Parameter | null;
  readonly ksize: readonly number[];
  protected readonly settings: DeconvolutionNdOptions;

  constructor(
    readonly ndim: number,
    inChannels: number | null,
    readonly outChannels: number | null,
    ksize?: Sizes | null,
    readonly stride: Sizes = 1,
    readonly pad: Sizes = 0,
    options: DeconvolutionNDOptions = {},
  ) {
    super();
    // Chainer's short form: (ndim, out, ksize), the input's channels found later.
    const short = ksize === undefined || ksize === null;
    const [cIn, cOut, k] = short ? [null, inChannels, outChannels] : [inChannels, outChannels, ksize];
    if (cOut === null || k === null) throw new ValueError('DeconvolutionND: output channels and ksize are needed');
    this.outChannels = cOut;
    const { nobias = false, initialW = null, initialBias = 0, ...call } = options;
    this.settings = call;
    this.ksize = sizes('DeconvolutionND', 'ksize', k, ndim, 1);
    this.W = new Parameter(initialW, cIn === null ? null : this.weightShape(cIn), { name: 'W' });
    this.b = nobias ? null : new Parameter(initialBias ?? 0, [cOut], { name: 'b' });
  }

  protected weightShape(inChannels: number): number[] {
    const { groups = 1 } = this.settings;
    const out = this.outChannels ?? 0;
    if (inChannels % groups !== 0 || out % groups !== 0) {
      throw new ShapeError(
        `DeconvolutionND: ${inChannels} input and ${out} output channels do not divide into ${groups} groups`,
      );
    }
    return [inChannels, out / groups, ...this.ksize];
  }

  /** Gives W its shape, from the first input. */
  protected initialize(x: VariableLike): void {
    if (!this.W.isInitialized) this.W.initialize(this.weightShape(x.shape[1]));
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
