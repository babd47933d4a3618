/** A download that several callers wait for, each with its own signal and its own `onProgress`. It ends when the last one leaves. */
import type { DownloadProgress, TransferOptions } from '../download.js';

/** What a caller brings. */
export type Caller = Pick<TransferOptions, 'onProgress' | 'signal'>;

/** What is shared: told how far it is, and ended by the signal. */
export type Work = (report: (progress: DownloadProgress) => void, signal: AbortSignal) => Promise<Uint8Array>;

export class SharedDownload {
  readonly #stop = new AbortController();
  /** The callers, and how each leaves. */
  readonly #callers = new Map<Caller, (reason: unknown) => void>();
  readonly #result: Promise<Uint8Array>;
  /** Whether somebody has been given the bytes themselves; all others get copies. */
  #isGiven = false;

  constructor(work: Work) {
    this.#result = work((progress) => this.#report(progress), this.#stop.signal);
    this.#result.catch(() => {}); // told to the callers, who may all have left
  }

  /** Settles when nothing of it runs any more. */
  get ended(): Promise<unknown> {
    return this.#result.catch(() => {});
  }

  /** Whether it ends because all callers left: nobody can join it any more. */
  get isLeft(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Waits for the bytes. @throws what the download throws, the reason of the caller's signal, or what its `onProgress` throws. */
  async join(caller: Caller): Promise<Uint8Array> {
    const { signal } = caller;
    signal?.throwIfAborted();
    const abort = () => this.#callers.get(caller)?.(signal?.reason);
    try {
      const bytes = await new Promise<Uint8Array>((resolve, reject) => {
        this.#callers.set(caller, (reason) => this.#leave(caller, reason, reject));
        signal?.addEventListener('abort', abort);
        // Who has left is told their own reason, not that of the end.
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
