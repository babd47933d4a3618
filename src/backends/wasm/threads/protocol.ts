/**
 * What the caller and its workers say to each other through shared words, where no message could be taken in time.
 *
 * A job is one kernel and the arguments of its parts. One word, the tickets, is all of its state that is contended:
 *
 *     | job number (24 bits) | parts that nobody has taken (8 bits) |
 *
 * Whoever lowers the count by compare-and-exchange has taken a part, and the job, which ends only when all of its parts are
 * done, cannot change before this one is. A thread that comes late finds another job number, and takes nothing.
 */

/** Words of the board. */
export const Word = {
  /** As above. Idle workers wait on it. */
  Tickets: 0,
  /** Parts of the job that are done. The caller waits on it. */
  Done: 1,
  /** The kernel, by its place in {@link kernelNames}, and the number of its arguments. */
  Kernel: 2,
  Arguments: 3,
  /** Not 0 after a kernel threw in a worker: the part is lost. */
  Failed: 4,
  /** Not 0 once the workers are to end. */
  Ended: 5,
  /** How long a worker looks at the tickets before it sleeps, in looks. */
  Patience: 6,
} as const;

/** A job has at most so many parts, and a kernel so many arguments. */
export const MOST_PARTS = 64;
export const MOST_ARGUMENTS = 12;

/** Where the arguments begin, as float64: addresses beyond 2 GiB do not fit an int32. */
export const ARGUMENTS_AT = 64;

export const BOARD_BYTES = ARGUMENTS_AT + MOST_PARTS * MOST_ARGUMENTS * 8;

/** The count in a ticket word. */
export const COUNT_MASK = 255;

/** What a worker is started with. */
export interface Start {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly board: SharedArrayBuffer;
}

/** What a worker says once: that it is there, or why it is not. */
export type Greeting = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** The kernels of a module in an order that every thread finds alike. */
export const kernelNames = (module: WebAssembly.Module): string[] =>
  WebAssembly.Module.exports(module)
    .filter(({ kind }) => kind === 'function')
    .map(({ name }) => name);

/** Takes a part of the job that is on the board; −1 if there is none. */
export function takePart(words: Int32Array): number {
  for (;;) {
    const tickets = Atomics.load(words, Word.Tickets);
    const count = tickets & COUNT_MASK;
    if (count === 0) return -1;
    if (Atomics.compareExchange(words, Word.Tickets, tickets, tickets - 1) === tickets) return count - 1;
  }
}
