/** Reads state from files of older versions, which lack some of it. */
import { KeyError } from '../errors.js';
import type { Persistent, Serializer } from './serializer.js';

/** A stored value, or `missing` where the file has none. */
export function unlessMissing<T extends Persistent>(serializer: Serializer, name: string, value: T, missing: T): T {
  try {
    return serializer.value(name, value);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return serializer.writing ? value : missing;
  }
}

/** Reads or writes the state of a part. If the file has none, the part stays unchanged. */
export function partUnlessMissing(serialize: () => void): void {
  try {
    serialize();
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
  }
}
