/** A cut of a call: its division into calls that share no result, for threads. */
import type { Blocking } from '../machine.js';

export interface Cut {
  /** Items to divide: images, rows, channels, … */
  readonly n: number;
  /** The first item of each share is a multiple of it. */
  readonly unit: number;
  /** Multiply-adds of the whole call. */
  readonly work: number;
  /** Turns a copy of the record into the record of items [first, first + count). */
  readonly take: (words: Int32Array, first: number, count: number) => void;
}

/** What a cut depends on beside the record. */
export interface Division {
  /** Threads that compute, the caller among them. */
  readonly threads: number;
  readonly blocking: Blocking;
}

/** Moves an address, unless it is 0 and stands for nothing. */
export const move = (words: Int32Array, word: number, bytes: number): void => {
  if (words[word] !== 0) words[word] += bytes;
};
