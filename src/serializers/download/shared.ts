/**
 * A download that several callers share, each with its own signal and its own `onProgress`. It ends when the last
 * caller leaves.
 */
import type { DownloadProgress, TransferOptions } from '../download.js';

/** The options of one caller. */
export type Caller = Pick<TransferOptions, 'onProgress' | 'signal'>;

/** The shared work. It reports its progress, and the signal ends it. */
export type Work = (report: (progress: DownloadProgress) => void, signal: AbortSignal) => Promise<Uint8Array>;

export class SharedDownload {
  readonly #stop = new AbortController();
  /** The callers, each with the function that makes it leave. */
  readonly #callers = new Map<Caller, (reason: unknown) => void>();
  readonly #result: Promise<Uint8Array>;
  /** Whether a caller has got the bytes themselves; all others get copies. */
  #isGiven = false;

  constructor(work: Work) {
    this.#result = work((progress) => this.#report(progress), this.#stop.signal);
    this.#result.catch(() => {}); // callers get the error, and all may have left
  }

  /** Settles when no part of it runs any more. */
  get ended(): Promise<unknown> {
    return this.#result.catch(() => {});
  }

  /** Whether it is ending because all callers left: nobody can join any more. */
  get isLeft(): boolean {
    return this.#stop.signal.aborted;
  }

  /**
   * Waits for the bytes.
   *
   * @throws the errors of the download, the reason of the caller's signal, or errors of its `onProgress`.
   */
  async join(caller: Caller): Promise<Uint8Array> {
    const { signal } = caller;
    signal?.throwIfAborted();
    const abort = () => this.#callers.get(caller)?.(signal?.reason);
    try {
      const bytes = await new Promise<Uint8Array>((resolve, reject) => {
        this.#callers.set(caller, (reason) => this.#leave(caller, reason, reject));
        signal?.addEventListener('abort', abort);
        // A caller that left gets its own reason, not that of the end.
        this.#result.then(resolve, (error) => this.#callers.has(caller) && reject(error));
      });
      const isFirst = !this.#isGiven;
      this.#isGiven = true;
      return isFirst ? bytes : bytes.slice();
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#callers.delete(caller);
    }
  }

  /** The last caller waits until everything is closed. */
  #leave(caller: Caller, reason: unknown, reject: (reason: unknown) => void): void {
    this.#callers.delete(caller);
    const isLast = this.#callers.size === 0;
    if (isLast) this.#stop.abort(reason);
    (isLast ? this.ended : Promise.resolve()).then(() => reject(reason));
  }

  #report(progress: DownloadProgress): void {
    for (const [caller, leave] of [...this.#callers]) {
      try {
        caller.onProgress?.(progress);
      } catch (error) {
        leave(error);
      }
    }
  }
}
