/** What initializers whose spread follows from a weight's fans have in common. Not which distribution they draw from. */
import type { NDArray, random } from '../ndarray/np.js';
import { fans } from './fans.js';
import type { Initializer } from './initializer.js';

/** Options of the drawing initializers. */
export interface DrawOptions {
  /** Where random numbers come from; default `np.random`. */
  rng?: random.RandomStream;
}

/** A variance as a fraction, so that it is rounded once, where its root is taken, as Chainer rounds it. */
export type Variance = readonly [numerator: number, fan: number];

/** The rules by which variances follow from fans, by their authors. */
export const VARIANCES = {
  LeCun: (fanIn: number): Variance => [1, fanIn],
  Glorot: (fanIn: number, fanOut: number): Variance => [2, fanIn + fanOut],
  He: (fan: number): Variance => [2, fan],
};

/** Draws with the variance that a rule gives, its root times `scale`. */
export abstract class FanScaled implements Initializer {
  constructor(
    /** What the drawn numbers are multiplied by. */
    readonly scale = 1,
    /** Where numbers are drawn from, and their dtype. */
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
