/** A team of threads, which computes the shares of one job at a time. ranges.ts, planes.ts and divide.ts make the shares. */
import { DeviceError } from '../../../errors.js';
import type { Kernels } from '../loader.js';
import { ARGUMENTS_AT, BOARD_BYTES, kernelNames, MOST_ARGUMENTS, MOST_SHARES, takeShare, Word } from './protocol.js';

export type KernelName = keyof Kernels;

/** How often a worker, or a waiting caller, looks at the board before it sleeps: for about 50 µs. */
const PATIENCE = 20_000;

/**
 * The time after which the caller gives a worker's share up: the longer of `milliseconds` and `times` times the caller's longest
 * share.
 */
const LOST_AFTER = { milliseconds: 10_000, times: 50 };

/** Whether this thread may sleep. The main thread of a page may not; the only test is to try. */
function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}

/** The caller and its workers. Without workers, the caller computes all shares. */
export class Team {
  readonly board = new SharedArrayBuffer(BOARD_BYTES);
  /** The number of threads, the caller's among them. */
  size = 1;
  /** Is called with the reason when the team gives its workers up. They may still compute: the callee has to end them. */
  abandoned: (reason: string) => void = () => {};
  readonly #kernels: Kernels;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #words = new Int32Array(this.board);
  readonly #arguments = new Float64Array(this.board, ARGUMENTS_AT);
  readonly #maySleep = maySleep();
  readonly #lostAfter: typeof LOST_AFTER;
  #job = 0;

  /** @param kernels the caller's instance of `module`. */
  constructor(module: WebAssembly.Module, kernels: Kernels, lostAfter = LOST_AFTER) {
    this.#kernels = kernels;
    this.#numbers = new Map(kernelNames(module).map((name, number) => [name, number]));
    this.#lostAfter = lostAfter;
    this.#words[Word.Patience] = PATIENCE;
  }

  /**
   * Calls a kernel once with each share's arguments, in parallel if there are workers. Returns when all calls have returned. No
   * call may write memory that another call reads or writes.
   *
   * @throws DeviceError if a call threw an error or a worker was lost. The results of the kernel are undefined then, and the
   *   caller computes all later jobs alone.
   */
  run(kernel: KernelName, shares: readonly (readonly number[])[]): void {
    const own = this.#kernels[kernel] as (...args: number[]) => void;
    if (this.size === 1 || shares.length === 1) {
      for (const args of shares) own(...args);
      return;
    }
    for (let first = 0; first < shares.length; first += MOST_SHARES) {
      this.#fork(kernel, own, shares.slice(first, first + MOST_SHARES));
    }
  }

  /** Tells the workers to end when they are idle. */
  dismiss(): void {
    this.size = 1;
    Atomics.store(this.#words, Word.Ended, 1);
    // Change the job number: a worker that has looked at the old one does not fall asleep.
    Atomics.store(this.#words, Word.Tickets, this.#nextTickets(0));
    Atomics.notify(this.#words, Word.Tickets);
  }

  /** The tickets of a new job. */
  #nextTickets(shares: number): number {
    this.#job = (this.#job + 1) & 0xffffff;
    return (this.#job << 8) | shares;
  }

  /** Puts a job on the board, computes shares of it, and waits for the rest. */
  #fork(kernel: KernelName, own: (...args: number[]) => void, shares: readonly (readonly number[])[]): void {
    const words = this.#words;
    for (let share = 0; share < shares.length; share++) this.#arguments.set(shares[share], share * MOST_ARGUMENTS);
    words[Word.Kernel] = this.#numbers.get(kernel) ?? 0;
    words[Word.Arguments] = shares[0].length;
    words[Word.Failed] = 0;
    Atomics.store(words, Word.Done, 0);
    Atomics.store(words, Word.Tickets, this.#nextTickets(shares.length));
    Atomics.notify(words, Word.Tickets, shares.length - 1);

    let longest = 0;
    try {
      for (let share = takeShare(words); share >= 0; share = takeShare(words)) {
        const begun = performance.now();
        own(...shares[share]);
        longest = Math.max(longest, performance.now() - begun);
        Atomics.add(words, Word.Done, 1);
      }
    } catch (error) {
      this.#abandon(`'${kernel}' failed: ${String(error)}`, error);
    }
    this.#join(kernel, shares.length, longest);
  }

  /** Waits until all shares are done. `longest` is the time of the caller's longest share, in milliseconds. */
  #join(kernel: KernelName, shares: number, longest: number): void {
    const words = this.#words;
    let until = 0;
    for (;;) {
      for (let looks = PATIENCE; looks > 0; looks--) if (Atomics.load(words, Word.Done) === shares) break;
      const done = Atomics.load(words, Word.Done);
      if (done === shares) break;
      const now = performance.now();
      until ||= now + Math.max(this.#lostAfter.milliseconds, longest * this.#lostAfter.times);
      if (now >= until) this.#abandon(`a worker was lost while it computed '${kernel}'`);
      if (this.#maySleep) Atomics.wait(words, Word.Done, done, until - now);
    }
    if (Atomics.load(words, Word.Failed)) this.#abandon(`'${kernel}' failed in a worker`);
  }

  /** Gives the job and the workers up. The workers may write to the memory until they have ended. */
  #abandon(what: string, cause?: unknown): never {
    this.dismiss();
    this.abandoned(what);
    throw new DeviceError(`wasm: ${what}; what it computes is undefined, and later work is done by one thread`, {
      cause,
    });
  }
}
