/** FanScaled: the base of initializers whose variance follows from the fans of a weight. Subclasses choose the distribution. */
import type { NDArray, random } from '../ndarray/np.js';
import { fans } from './fans.js';
import type { Initializer } from './initializer.js';

/** Options of the drawing initializers. */
export interface DrawOptions {
  /** The source of random numbers. Default `np.random`. */
  rng?: random.RandomStream;
}

/** A variance as a fraction. It is rounded once, when its root is taken, as in Chainer. */
export type Variance = readonly [numerator: number, fan: number];

/** The rules for variances, by their authors. */
export const VARIANCES = {
  LeCun: (fanIn: number): Variance => [1, fanIn],
  Glorot: (fanIn: number, fanOut: number): Variance => [2, fanIn + fanOut],
  He: (fan: number): Variance => [2, fan],
};

/** Draws numbers with a standard deviation of `scale` times the root of the variance that a rule gives. */
export abstract class FanScaled implements Initializer {
  constructor(
    /** The factor of the drawn numbers. */
    readonly scale = 1,
    /** The source of random numbers. */
    readonly options: DrawOptions = {},
  ) {}

  /** The variance for the fans, before `scale`. */
  protected abstract variance(fanIn: number, fanOut: number): Variance;

  /** Fills an array with random numbers of a variance. */
  protected abstract draw(array: NDArray, variance: Variance): void;

  fill(array: NDArray): void {
    this.draw(array, this.variance(...fans(array.shape)));
  }
}
