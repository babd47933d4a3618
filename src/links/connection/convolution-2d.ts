import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { convolution2d } from '../../functions/connection/convolution-2d.js';
import { pair, type Sizes } from '../../functions/pairs.js';
import type { InitializerLike } from '../../initializers/initializer.js';

/** Options of {@link Convolution2D}. */
export interface Convolution2DOptions {
  /** No bias. Default false. */
  nobias?: boolean;
  /** What W starts as. Default LeCunNormal. */
  initialW?: InitializerLike;
  /** What b starts as. Default 0. */
  initialBias?: InitializerLike;
  /** Distance between the pixels one window reads. Default 1. */
  dilate?: Sizes;
  /** Groups of channels that are convolved apart. Default 1. */
  groups?: number;
}

/**
 * Two-dimensional convolution with learnt W (out, in/groups, kh, kw) and b (out,); see {@link convolution2d}. With
 * `inChannels` null the number is found at the first call; `new Convolution2D(out, ksize)` is the same. Follows
 * chainer.links.Convolution2D.
 */
export class Convolution2D extends Link {
  readonly W: Parameter;
  readonly b: Parameter | null;
  readonly outChannels: number;
  readonly ksize: Sizes;
  readonly stride: Sizes;
  readonly pad: Sizes;
  readonly dilate: Sizes;
  readonly groups: number;

  constructor(
    inChannels: number | null,
    outChannels: number,
    ksize?: Sizes | null,
    stride: Sizes = 1,
    pad: Sizes = 0,
    options: Convolution2DOptions = {},
  ) {
    super();
    // Chainer's short form: (out, ksize), the input's channels found later.
    const [cIn, cOut, k] =
      ksize === undefined || ksize === null ? [null, inChannels, outChannels] : [inChannels, outChannels, ksize];
    if (cOut === null) throw new ValueError('Convolution2D: the number of output channels is missing');
    const { nobias = false, initialW = null, initialBias = 0, dilate = 1, groups = 1 } = options;
    if (cOut % groups !== 0 || (cIn ?? 0) % groups !== 0) {
      throw new ShapeError(
        `Convolution2D: ${cIn ?? '?'} input and ${cOut} output channels do not divide into ${groups} groups`,
      );
    }
    this.outChannels = cOut;
    this.ksize = k;
    this.stride = stride;
    this.pad = pad;
    this.dilate = dilate;
    this.groups = groups;
    this.W = new Parameter(initialW, cIn === null ? null : weightShape(this, cIn), { name: 'W' });
    this.b = nobias ? null : new Parameter(initialBias ?? 0, [cOut], { name: 'b' });
  }

  /** x (N, in, H, W) → (N, out, oh, ow). */
  forward(x: VariableLike): Variable {
    if (!this.W.isInitialized) this.W.initialize(weightShape(this, x.shape[1]));
    return convolution2d(x, this.W, this.b, this.stride, this.pad, { dilate: this.dilate, groups: this.groups });
  }
}

/** The shape of W for a number of input channels. @throws ShapeError if the groups do not divide them. */
function weightShape({ groups, outChannels, ksize }: Convolution2D, inChannels: number): number[] {
  if (inChannels % groups !== 0) {
    throw new ShapeError(`Convolution2D: ${inChannels} input channels do not divide into ${groups} groups`);
  }
  return [outChannels, inChannels / groups, ...pair('Convolution2D', 'ksize', ksize, 1)];
}
