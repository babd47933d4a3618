/** The seam between what has state and where state is kept; implemented in `serializers/`. */
import type { NDArray } from '../ndarray/np.js';

/** A value that is saved with a link but not learnt. */
export type Persistent = NDArray | number | string | boolean | null;

/**
 * Writes or reads named values; follows chainer.Serializer. One method serves both directions: a writer stores the value
 * and returns it, a reader ignores the value's content and returns what it has stored.
 */
export interface Serializer {
  /** Whether values are written rather than read. */
  readonly writing: boolean;
  /** The serializer of a part, whose names are prefixed by `name/`. */
  child(name: string): Serializer;
  /**
   * A writer stores `array` (null is Chainer's None). A reader copies what is stored into `array`, broadcasting and
   * casting, and returns it; with null it returns a new array, or null if None is stored. @throws KeyError if missing.
   */
  array(name: string, array: NDArray | null): NDArray | null;
  /** A number, a text, a boolean, an array or null. @throws KeyError if missing. */
  value<T extends Persistent>(name: string, value: T): T;
}
