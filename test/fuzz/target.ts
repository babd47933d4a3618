/**
 * The interface of a fuzzer: numbered cases, and a run that reports findings. child.ts runs cases; `scripts/fuzz/`
 * watches the process that does.
 */
import fc from 'fast-check';
import { RensaError } from '../../src/errors.js';
import { RandomState } from '../../src/ndarray/random-state.js';
import { VIOLATION } from '../support/engine-words.js';

/** The faults that a child process finds. The parent sees hangs, crashes, and memory beyond the limit. */
export type Fault =
  | 'untyped error'
  | 'wrong result'
  | 'damaged array'
  | 'damaged heap'
  | 'leak'
  | 'memory'
  | 'later call';

/** A finding: behaviour that must not occur. The run of a case throws it. */
export class Finding extends Error {
  override name = 'Finding';

  constructor(
    readonly fault: Fault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${fault}: ${message}`, options);
  }
}

/** The outcome of a case without a finding. */
export interface Outcome {
  /** Whether the case was computed, or refused by an error of the library. */
  readonly accepted: boolean;
  /** Bytes of the file or request: the limit of memory follows from them. 0 where there is none. */
  readonly bytes: number;
  /** Bytes that it may take beside the limit: those of its result, where it asked for a large one and got it. Default none. */
  readonly allowance?: number;
}

/** One fuzzer. Only the fuzzer itself looks inside its cases. */
export interface Target {
  /** The generator of the cases, also of shrunken ones. Null if cases cannot be shrunk. */
  readonly cases: fc.Arbitrary<unknown> | null;
  /** Case `n` of a seed. `path` leads to a smaller case, which shrinking found. The same numbers give the same case. */
  make(seed: number, n: number, path?: string): unknown;
  /** The case in words, for the report. */
  describe(value: unknown): string;
  /** The topic of a case, in a word. Findings of one kind about one topic are reported once. */
  topic(value: unknown): string;
  /** Runs a case. @throws Finding, or any error that the library does not mean. */
  run(value: unknown): Promise<Outcome> | Outcome;
  /** Runs before the first case of a process. */
  prepare?(): Promise<void>;
  /** Undoes `prepare`. */
  finish?(): Promise<void>;
}

/** The seed of one case: cases of neighbouring numbers have nothing in common. */
export const caseSeed = (seed: number, n: number): number => new RandomState([seed, n]).randint(2 ** 31 - 1);

/** The part of a fuzzer that depends on the type of its cases. */
export interface Running<Case> extends Pick<Target, 'prepare' | 'finish'> {
  run(value: Case): Promise<Outcome> | Outcome;
  /** Default: the case as text. */
  describe?(value: Case): string;
  /** Default: none. */
  topic?(value: Case): string;
}

/** A fuzzer whose cases are drawn, and shrunk, by fast-check. */
export function drawn<Case>(cases: fc.Arbitrary<Case>, running: Running<Case>): Target {
  const { run, describe = (value) => fc.stringify(value), topic = () => '', ...rest } = running;
  return {
    ...rest,
    cases,
    make: (seed, n, path = '') => fc.sample(cases, { seed: caseSeed(seed, n), path: path || undefined, numRuns: 1 })[0],
    // Cases come from `cases`, as they are or by way of another process.
    describe: (value) => describe(value as Case),
    topic: (value) => topic(value as Case),
    run: (value) => run(value as Case),
  };
}

/**
 * Runs a reader of foreign bytes. @returns null if one of the library's own errors refused them.
 * @returns null if it was refused by one of the library's own errors.
 */
export async function refusedOr<T>(run: () => T | Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RensaError && !VIOLATION.test(error.message)) return null;
    throw error;
  }
}
