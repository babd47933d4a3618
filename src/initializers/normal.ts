/** Initializers that draw from normal distributions. */
import type { NDArray, random } from '../ndarray/np.js';
import { drawNormal } from './draw.js';
import { fans, type Initializer } from './initializer.js';

/** Options of the drawing initializers. */
export interface DrawOptions {
  /** Where random numbers come from; default `np.random`. */
  rng?: random.RandomState;
}

/** N(0, scale²), scale 0.05 by default; follows chainer.initializers.Normal. */
export class Normal implements Initializer {
  constructor(
    readonly scale = 0.05,
    readonly options: DrawOptions = {},
  ) {}

  fill(array: NDArray): void {
    drawNormal(array, this.scale, this.options.rng);
  }
}

/** N(0, s²) with s = scale·√(1/fan in); follows chainer.initializers.LeCunNormal. */
export class LeCunNormal implements Initializer {
  constructor(
    readonly scale = 1,
    readonly options: DrawOptions = {},
  ) {}

  fill(array: NDArray): void {
    const [fanIn] = fans(array.shape);
    drawNormal(array, this.scale * Math.sqrt(1 / fanIn), this.options.rng);
  }
}

/** N(0, s²) with s = scale·√(2/(fan in + fan out)); follows chainer.initializers.GlorotNormal. */
export class GlorotNormal implements Initializer {
  constructor(
    readonly scale = 1,
    readonly options: DrawOptions = {},
  ) {}

  fill(array: NDArray): void {
    const [fanIn, fanOut] = fans(array.shape);
    drawNormal(array, this.scale * Math.sqrt(2 / (fanIn + fanOut)), this.options.rng);
  }
}

/** Options of {@link HeNormal}. */
export interface HeNormalOptions extends DrawOptions {
  /** Which fan the variance is measured by. Default `fanIn`. */
  fanOption?: 'fanIn' | 'fanOut';
}

/** N(0, s²) with s = scale·√(2/fan); He et al., "Delving deep into rectifiers" (2015). chainer.initializers.HeNormal. */
export class HeNormal implements Initializer {
  constructor(
    readonly scale = 1,
    readonly options: HeNormalOptions = {},
  ) {}

  fill(array: NDArray): void {
    const [fanIn, fanOut] = fans(array.shape);
    const fan = this.options.fanOption === 'fanOut' ? fanOut : fanIn;
    drawNormal(array, this.scale * Math.sqrt(2 / fan), this.options.rng);
  }
}
