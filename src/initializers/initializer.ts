/** Initializer: it fills a new parameter. InitializerLike: the values that users may write for one. */
import type { NDArray, Nested, TypedArray } from '../ndarray/np.js';

/** Fills arrays with initial values; follows chainer.initializer.Initializer. */
export interface Initializer {
  /** Sets every element of `array`, whose shape is that of the parameter. */
  fill(array: NDArray): void;
}

/** A number, an array or a list of that value, an initializer, a function that fills an array, or null: LeCunNormal. */
export type InitializerLike =
  | Initializer
  | NDArray
  | TypedArray
  | number
  | readonly Nested<number>[]
  | ((array: NDArray) => void)
  | null;
