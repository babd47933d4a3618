/** Reading state from files that may be older than the state. */
import { KeyError } from '../errors.js';
import type { Persistent, Serializer } from './serializer.js';

/** A stored value, or `missing` where the file has none, as those of older versions. */
export function unlessMissing<T extends Persistent>(serializer: Serializer, name: string, value: T, missing: T): T {
  try {
    return serializer.value(name, value);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return serializer.writing ? value : missing;
  }
}

/** Lets a part read or write its state, and leaves it as it is where the file has none. */
export function partUnlessMissing(serialize: () => void): void {
  try {
    serialize();
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
  }
}
