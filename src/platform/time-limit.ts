/** Time limits for the answers of workers. */
import { ValueError } from '../errors.js';
import { inWords } from '../options.js';

/**
 * A limit passes in this many steps of one timer each. While this thread computes for long, or the whole process is stopped, at most
 * one step passes. So no worker is blamed whose answer already waits.
 */
const STEPS = 8;

/** The longest time that timers know, in milliseconds. Beyond it they fire at once. */
const LONGEST = 2 ** 31 - 1;

/** Checks the option `timeout` of `op`. @throws ValueError if it is not a positive number of seconds or Infinity. */
export function checkTimeLimit(op: string, seconds: unknown): void {
  if (typeof seconds !== 'number' || !(seconds > 0))
    throw new ValueError(
      `${op}: timeout is ${inWords(seconds)}, expected a positive number of seconds, or Infinity for no limit`,
    );
}

/**
 * Calls `expired` after this many seconds or somewhat later: browsers slow down the timers of pages in the background.
 *
 * @returns a function that stops the clock.
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
