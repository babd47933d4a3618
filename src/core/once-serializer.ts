/** A serializer for state with several paths, such as a tied parameter: it writes and reads each value once. */
import { KeyError } from '../errors.js';
import type { NDArray } from '../ndarray/np.js';
import type { Persistent, Serializer } from './serializer.js';

/** The progress of reading or writing. A serializer and its children share it. */
interface Progress {
  readonly done: Set<object>;
  /** The objects whose parts are being read or written. */
  readonly open: Set<object>;
  /** The objects that have been missing so far, with the error of their first path. */
  readonly missing: Map<object, KeyError>;
}

/**
 * Writes each object under its first path, and reads it from the first of its paths that a file has: Chainer's files have all paths,
 * files of this library the first.
 */
export class OnceSerializer implements Serializer {
  readonly #inner: Serializer;
  readonly #progress: Progress;

  constructor(inner: Serializer, progress: Progress = { done: new Set(), open: new Set(), missing: new Map() }) {
    this.#inner = inner;
    this.#progress = progress;
  }

  get writing(): boolean {
    return this.#inner.writing;
  }

  child(name: string): OnceSerializer {
    return new OnceSerializer(this.#inner.child(name), this.#progress);
  }

  array(name: string, array: NDArray | null): NDArray | null {
    return this.#inner.array(name, array);
  }

  value<T extends Persistent>(name: string, value: T): T {
    return this.#inner.value(name, value);
  }

  /** Reads or writes an object, unless an earlier path has done so. A missing key is an error only at the {@link finish}. */
  once(thing: object, run: () => void): void {
    const { done, missing } = this.#progress;
    if (done.has(thing)) return;
    try {
      run();
      done.add(thing);
      missing.delete(thing);
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      if (!missing.has(thing)) missing.set(thing, error);
    }
  }

  /** Reads or writes the parts of an object. An object inside itself is skipped. */
  inside(thing: object, run: () => void): void {
    const { open } = this.#progress;
    if (open.has(thing)) return;
    open.add(thing);
    run();
    open.delete(thing);
  }

  /** @throws KeyError for the first object that the file has under none of its paths. */
  finish(): void {
    for (const error of this.#progress.missing.values()) throw error;
  }
}
