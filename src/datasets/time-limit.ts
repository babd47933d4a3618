/** How long a worker may take to answer. Knows timers, and nothing of workers. */
import { ValueError } from '../errors.js';
import { inWords } from '../options.js';

/**
 * A limit passes in so many steps, one timer each. Where this thread computes for long, or the whole process is stopped for a
 * while, one step passes and no more, so that nobody is blamed for an answer that waits already.
 */
const STEPS = 8;

/** The longest time that timers know, in milliseconds. Beyond it they fire at once. */
const LONGEST = 2 ** 31 - 1;

/** Refuses what is no time limit. @throws ValueError */
export function checkTimeLimit(op: string, seconds: unknown): void {
  if (typeof seconds !== 'number' || !(seconds > 0))
    throw new ValueError(
      `${op}: timeout is ${inWords(seconds)}, expected a positive number of seconds, or Infinity for no limit`,
    );
}

/**
 * Calls `expired` after so many seconds, or some more: browsers let the timers of a page in the background fire seldom.
 *
 * @returns what stops it.
 */
export function limitTime(seconds: number, expired: () => void): () => void {
  if (seconds === Number.POSITIVE_INFINITY) return () => {};
  let left = STEPS;
  let timer: ReturnType<typeof setTimeout>;
  const step = () => {
    timer = setTimeout(() => (--left > 0 ? step() : expired()), Math.min((seconds * 1000) / STEPS, LONGEST));
  };
  step();
  return () => clearTimeout(timer);
}
