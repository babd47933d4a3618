/** Initializers that draw from uniform distributions. */
import type { NDArray } from '../ndarray/np.js';
import { drawUniform } from './draw.js';
import { fans, type Initializer } from './initializer.js';
import type { DrawOptions } from './normal.js';

/** U(−scale, scale), scale 0.05 by default; follows chainer.initializers.Uniform. */
export class Uniform implements Initializer {
  constructor(
    readonly scale = 0.05,
    readonly options: DrawOptions = {},
  ) {}

  fill(array: NDArray): void {
    drawUniform(array, this.scale, this.options.rng);
  }
}

/** U(−s, s) with s = scale·√(3/fan in); follows chainer.initializers.LeCunUniform. */
export class LeCunUniform implements Initializer {
  constructor(
    readonly scale = 1,
    readonly options: DrawOptions = {},
  ) {}

  fill(array: NDArray): void {
    const [fanIn] = fans(array.shape);
    drawUniform(array, this.scale * Math.sqrt(3 / fanIn), this.options.rng);
  }
}

/** U(−s, s) with s = scale·√(6/(fan in + fan out)); follows chainer.initializers.GlorotUniform. */
export class GlorotUniform implements Initializer {
  constructor(
    readonly scale = 1,
    readonly options: DrawOptions = {},
  ) {}

  fill(array: NDArray): void {
    const [fanIn, fanOut] = fans(array.shape);
    drawUniform(array, this.scale * Math.sqrt(6 / (fanIn + fanOut)), this.options.rng);
  }
}

/** U(−s, s) with s = scale·√(6/fan in); follows chainer.initializers.HeUniform. */
export class HeUniform implements Initializer {
  constructor(
    readonly scale = 1,
    readonly options: DrawOptions = {},
  ) {}

  fill(array: NDArray): void {
    const [fanIn] = fans(array.shape);
    drawUniform(array, this.scale * Math.sqrt(6 / fanIn), this.options.rng);
  }
}
