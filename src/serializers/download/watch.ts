/**
 * Watches over one request: its time-outs and the caller's signal. Once it has ended the request, no timer and no
 * listener is left.
 */
import { SystemError } from '../file-failure.js';

/** The longest timer, in milliseconds: longer ones fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export class Watch {
  readonly #controller = new AbortController();
  readonly #signal: AbortSignal | null;
  readonly #stop = () => this.#end(this.#signal?.reason);
  /** Why the request was ended. */
  #reason: { readonly value: unknown } | null = null;
  /** Ends the calls that wait for the network. */
  #fail: (reason: unknown) => void = () => {};

  constructor(signal: AbortSignal | null) {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#stop);
    if (signal?.aborted) this.#stop();
  }

  /** The signal for `fetch`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Waits for the network for at most `limit` milliseconds.
   *
   * @param late the reason when the time is up.
   * @throws SystemError 'ETIMEDOUT', the reason of the caller's signal, or an error of the network.
   */
  wait<T>(work: Promise<T>, limit: number, late: string): Promise<T> {
    // Not `Promise.race` with one promise for all: that would keep something of each piece that arrives.
    return new Promise<T>((resolve, reject) => {
      const timer =
        limit === Number.POSITIVE_INFINITY
          ? undefined
          : setTimeout(() => this.#end(new SystemError('ETIMEDOUT', late)), Math.min(limit, LONGEST_TIMER));
      const settle = <V>(how: (value: V) => void) => {
        return (value: V) => {
          clearTimeout(timer);
          how(value);
        };
      };
      // Some runtimes report an abort late, or with another reason.
      this.#fail = settle(reject);
      work.then(settle(resolve), settle(reject));
      if (this.#reason) this.#fail(this.#reason.value);
    });
  }

  #end(reason: unknown): void {
    this.#reason ??= { value: reason };
    this.#fail(reason);
    this.#controller.abort(reason);
  }

  /** Ends the request. Its connection is closed unless the body was read to the end. */
  close(): void {
    this.#signal?.removeEventListener('abort', this.#stop);
    this.#controller.abort();
  }
}
