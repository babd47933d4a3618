/** The caller and its workers, computing the parts of one job at a time. ranges.ts, planes.ts and divide.ts make the parts. */
import { DeviceError } from '../../../errors.js';
import type { Kernels } from '../loader.js';
import { ARGUMENTS_AT, BOARD_BYTES, kernelNames, MOST_ARGUMENTS, MOST_PARTS, takePart, Word } from './protocol.js';

export type KernelName = keyof Kernels;

/** Looks at the board before a worker, or a caller that waits, sleeps: some 50 µs. */
const PATIENCE = 20_000;

/** A part that a worker has taken is given up after this many milliseconds, or so many times what the caller's own took. */
const LOST_AFTER = { milliseconds: 10_000, times: 50 };

/** A page's main thread may not sleep, and finds that out by trying. */
function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}

/** Threads that compute parts of jobs; with no workers, the caller computes all of them. */
export class Team {
  readonly board = new SharedArrayBuffer(BOARD_BYTES);
  /** How many threads there are, the caller's among them. */
  size = 1;
  /** Called when the team gives its workers up, with the reason: they may compute still, and are to be ended. */
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
   * Calls a kernel once with each list of arguments, at the same time where there are workers, and returns when all calls
   * have. The calls must not write what another reads or writes.
   *
   * @throws DeviceError if a worker was lost while it computed: what the kernel writes is undefined then. The team goes on
   *   with the caller alone.
   */
  run(kernel: KernelName, parts: readonly (readonly number[])[]): void {
    const own = this.#kernels[kernel] as (...args: number[]) => void;
    if (this.size === 1 || parts.length === 1) {
      for (const args of parts) own(...args);
      return;
    }
    for (let first = 0; first < parts.length; first += MOST_PARTS) {
      this.#fork(kernel, own, parts.slice(first, first + MOST_PARTS));
    }
  }

  /** Tells the workers to end as soon as they have nothing to do. */
  dismiss(): void {
    this.size = 1;
    Atomics.store(this.#words, Word.Ended, 1);
    // A new job number without parts: nobody misses it between looking and falling asleep.
    Atomics.store(this.#words, Word.Tickets, this.#nextTickets(0));
    Atomics.notify(this.#words, Word.Tickets);
  }

  #nextTickets(parts: number): number {
    this.#job = (this.#job + 1) & 0xffffff;
    return (this.#job << 8) | parts;
  }

  #fork(kernel: KernelName, own: (...args: number[]) => void, parts: readonly (readonly number[])[]): void {
    const words = this.#words;
    for (let part = 0; part < parts.length; part++) this.#arguments.set(parts[part], part * MOST_ARGUMENTS);
    words[Word.Kernel] = this.#numbers.get(kernel) ?? 0;
    words[Word.Arguments] = parts[0].length;
    words[Word.Failed] = 0;
    Atomics.store(words, Word.Done, 0);
    Atomics.store(words, Word.Tickets, this.#nextTickets(parts.length));
    Atomics.notify(words, Word.Tickets, parts.length - 1);

    let longest = 0;
    try {
      for (let part = takePart(words); part >= 0; part = takePart(words)) {
        const begun = performance.now();
        own(...parts[part]);
        longest = Math.max(longest, performance.now() - begun);
        Atomics.add(words, Word.Done, 1);
      }
    } catch (error) {
      this.#abandon(`'${kernel}' failed: ${String(error)}`, error);
    }
    this.#join(kernel, parts.length, longest);
  }

  /** Waits for the parts that workers have taken. */
  #join(kernel: KernelName, parts: number, longest: number): void {
    const words = this.#words;
    let until = 0;
    for (;;) {
      for (let looks = PATIENCE; looks > 0; looks--) if (Atomics.load(words, Word.Done) === parts) break;
      const done = Atomics.load(words, Word.Done);
      if (done === parts) break;
      const now = performance.now();
      until ||= now + Math.max(this.#lostAfter.milliseconds, longest * this.#lostAfter.times);
      if (now >= until) this.#abandon(`a worker was lost while it computed '${kernel}'`);
      if (this.#maySleep) Atomics.wait(words, Word.Done, done, until - now);
    }
    if (Atomics.load(words, Word.Failed)) this.#abandon(`'${kernel}' failed in a worker`);
  }

  /** Gives up the job and the workers, who may still write to the memory until they are ended. */
  #abandon(what: string, cause?: unknown): never {
    this.dismiss();
    this.abandoned(what);
    throw new DeviceError(`wasm: ${what}; what it computes is undefined, and later work is done by one thread`, {
      cause,
    });
  }
}
