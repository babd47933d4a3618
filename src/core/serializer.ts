/** Serializer: the interface by which objects write and read their state. `serializers/` implements it. */
import type { NDArray } from '../ndarray/np.js';

/** A value that is saved with a link but not learnt. */
export type Persistent = NDArray | number | string | boolean | null;

/**
 * Writes or reads named values; follows chainer.Serializer. Each method serves both directions: a writer stores the value and
 * returns it, a reader ignores the content of the value and returns the stored one.
 */
export interface Serializer {
  /** Whether this serializer writes. */
  readonly writing: boolean;
  /** The serializer of a part. It prefixes names by `name/`. */
  child(name: string): Serializer;
  /**
   * A writer stores `array` (null is Chainer's None). A reader copies the stored values into `array`, broadcast and cast, and
   * returns it; with null it returns a new array, or null if None is stored. @throws KeyError if the name is missing.
   */
  array(name: string, array: NDArray | null): NDArray | null;
  /** Writes or reads a number, a text, a boolean, an array or null. @throws KeyError if the name is missing. */
  value<T extends Persistent>(name: string, value: T): T;
}
