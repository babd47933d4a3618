/** Reading state from files that may be older than the state. */
import type { Persistent } from '../core/link.js';
import type { Serializer } from '../core/serializer.js';
import { KeyError } from '../errors.js';

/** A stored value, or `missing` where the file has none, as those of older versions. */
export function unlessMissing<T extends Persistent>(serializer: Serializer, name: string, value: T, missing: T): T {
  try {
    return serializer.value(name, value);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return serializer.writing ? value : missing;
  }
}
