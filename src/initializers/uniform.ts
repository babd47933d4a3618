/** Initializers that draw from uniform distributions. */
import type { NDArray } from '../ndarray/np.js';
import { drawUniform } from './draw.js';
import { type DrawOptions, FanScaled, VARIANCES, type Variance } from './fan-scaled.js';
import type { Initializer } from './initializer.js';

/** U(−scale, scale), scale 0.05 by default; follows chainer.initializers.Uniform. */
export class Uniform implements Initializer {
  constructor(
    /** Numbers lie in [−scale, scale). */
    readonly scale = 0.05,
    /** The source of random numbers. */
    readonly options: DrawOptions = {},
  ) {}

  fill(array: NDArray): void {
    drawUniform(array, this.scale, this.options.rng);
  }
}

/** U(−a, a) has the variance a²/3. */
abstract class FanUniform extends FanScaled {
  protected override draw(array: NDArray, [numerator, fan]: Variance): void {
    drawUniform(array, this.scale * Math.sqrt((3 * numerator) / fan), this.options.rng);
  }
}

/** U(−s, s) with s = scale·√(3/fan in); follows chainer.initializers.LeCunUniform. */
export class LeCunUniform extends FanUniform {
  protected override variance = VARIANCES.LeCun;
}

/** U(−s, s) with s = scale·√(6/(fan in + fan out)); follows chainer.initializers.GlorotUniform. */
export class GlorotUniform extends FanUniform {
  protected override variance = VARIANCES.Glorot;
}

/** U(−s, s) with s = scale·√(6/fan in); follows chainer.initializers.HeUniform. */
export class HeUniform extends FanUniform {
  protected override variance = VARIANCES.He;
}
