/**
 * The board: words of shared memory through which the caller gives jobs to its workers. A message to a worker would take longer
 * than a job.
 *
 * A job is one kernel with a list of arguments for each share. The threads compete for a single word, the tickets:
 *
 *     | job number (24 bits) | shares that no thread has taken (8 bits) |
 *
 * A thread takes a share when it lowers the count by compare-and-exchange. The job ends when all of its shares are done, so it
 * cannot change while a thread computes one of them. If the job changes before the exchange, the job number differs, the
 * exchange fails, and the thread takes no share of the old job.
 */

/** Words of the board. */
export const Word = {
  /** The tickets. Idle workers wait on this word. */
  Tickets: 0,
  /** Shares of the job that are done. The caller waits on this word. */
  Done: 1,
  /** The kernel: its place in {@link kernelNames}. */
  Kernel: 2,
  /** The number of the kernel's arguments. */
  Arguments: 3,
  /** Not 0 after a kernel threw an error in a worker. */
  Failed: 4,
  /** Not 0 once the workers are to end. */
  Ended: 5,
  /** How often a worker looks at the tickets before it sleeps. */
  Patience: 6,
} as const;

/** The most shares of a job. */
export const MOST_SHARES = 64;
/** The most arguments of a kernel. */
export const MOST_ARGUMENTS = 12;

/** The byte where the arguments begin. They are float64 numbers, since an address beyond 2 GiB does not fit an int32. */
export const ARGUMENTS_AT = 64;

/** Bytes of the board. */
export const BOARD_BYTES = ARGUMENTS_AT + MOST_SHARES * MOST_ARGUMENTS * 8;

/** The bits of the tickets that count shares. */
export const COUNT_MASK = 255;

/** The message that starts a worker. */
export interface Start {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly board: SharedArrayBuffer;
}

/** The one message of a worker: that it is ready, or the reason why it is not. */
export type Greeting = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** The kernels of a module, in an order that is the same in every thread. */
export const kernelNames = (module: WebAssembly.Module): string[] =>
  WebAssembly.Module.exports(module)
    .filter(({ kind }) => kind === 'function')
    .map(({ name }) => name);

/** Takes a share of the job on the board, and returns its number; −1 if none is left. */
export function takeShare(words: Int32Array): number {
  for (;;) {
    const tickets = Atomics.load(words, Word.Tickets);
    const count = tickets & COUNT_MASK;
    if (count === 0) return -1;
    if (Atomics.compareExchange(words, Word.Tickets, tickets, tickets - 1) === tickets) return count - 1;
  }
}
