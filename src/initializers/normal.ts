/** Initializers that draw from normal distributions. */
import type { NDArray } from '../ndarray/np.js';
import { drawNormal } from './draw.js';
import { type DrawOptions, FanScaled, VARIANCES, type Variance } from './fan-scaled.js';
import type { Initializer } from './initializer.js';

/** N(0, scale²), scale 0.05 by default; follows chainer.initializers.Normal. */
export class Normal implements Initializer {
  constructor(
    /** The standard deviation. */
    readonly scale = 0.05,
    /** The source of random numbers. */
    readonly options: DrawOptions = {},
  ) {}

  fill(array: NDArray): void {
    drawNormal(array, this.scale, this.options.rng);
  }
}

abstract class FanNormal extends FanScaled {
  protected override draw(array: NDArray, [numerator, fan]: Variance): void {
    drawNormal(array, this.scale * Math.sqrt(numerator / fan), this.options.rng);
  }
}

/** N(0, s²) with s = scale·√(1/fan in); follows chainer.initializers.LeCunNormal. */
export class LeCunNormal extends FanNormal {
  protected override variance = VARIANCES.LeCun;
}

/** N(0, s²) with s = scale·√(2/(fan in + fan out)); follows chainer.initializers.GlorotNormal. */
export class GlorotNormal extends FanNormal {
  protected override variance = VARIANCES.Glorot;
}

/** Options of {@link HeNormal}. */
export interface HeNormalOptions extends DrawOptions {
  /** The fan that the variance follows from. Default `fanIn`. */
  fanOption?: 'fanIn' | 'fanOut';
}

/** N(0, s²) with s = scale·√(2/fan); He et al., "Delving deep into rectifiers" (2015). chainer.initializers.HeNormal. */
export class HeNormal extends FanNormal {
  constructor(
    scale = 1,
    /** The source of random numbers, and the fan. */
    override readonly options: HeNormalOptions = {},
  ) {
    super(scale, options);
  }

  protected override variance(fanIn: number, fanOut: number): Variance {
    return VARIANCES.He(this.options.fanOption === 'fanOut' ? fanOut : fanIn);
  }
}
