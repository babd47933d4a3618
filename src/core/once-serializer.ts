/** State that several paths lead to, such as a tied parameter: written once, and read once. It knows no link. */
import { KeyError } from '../errors.js';
import type { NDArray } from '../ndarray/np.js';
import type { Persistent, Serializer } from './serializer.js';

/** What has been read or written so far; all parts of one serializer share it. */
interface Progress {
  readonly done: Set<object>;
  /** Whose parts are being read or written. */
  readonly open: Set<object>;
  /** What no path has had so far, and the error of its first path. */
  readonly missing: Map<object, KeyError>;
}

/**
 * Writes each thing under its first path, and reads it from the first path that a file has: files of Chainer have all of
 * them, and files of this library the first.
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

  /** Reads or writes a thing, unless an earlier path has done so. That a key is missing counts only at the {@link finish}. */
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

  /** Reads or writes the parts of a thing, unless it is a part of itself, of which this is one. */
  inside(thing: object, run: () => void): void {
    const { open } = this.#progress;
    if (open.has(thing)) return;
    open.add(thing);
    run();
    open.delete(thing);
  }

  /** @throws KeyError, that of its first path, for the first thing that no path had. */
  finish(): void {
    for (const error of this.#progress.missing.values()) throw error;
  }
}
