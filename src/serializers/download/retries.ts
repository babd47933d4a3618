/** Decides which failures of the network are worth a repetition, and how long to wait before it. */
import type { Settings } from './settings.js';

/** A failure after which the same request may succeed. */
export class PassingFailure extends Error {
  /** The error for the caller if repetitions do not help. */
  readonly error: Error;
  /** The least wait that the server asks for, in milliseconds. */
  readonly wait: number;
  /** Whether to continue without a wait, because the next request is a different one. */
  readonly isChanged: boolean;

  constructor(error: Error, { wait = 0, isChanged = false } = {}) {
    super(error.message);
    this.error = error;
    this.wait = wait;
    this.isChanged = isChanged;
  }
}

/** Answers that mean "later". Among 5xx, 501 and 505 mean "never". */
export function isPassingStatus(status: number): boolean {
  return [408, 425, 429].includes(status) || (status >= 500 && ![501, 505].includes(status));
}

/** Codes of lasting failures: nobody listens, unknown host, invalid certificate, no permission. */
const LASTING = /REFUSED|ENOTFOUND|CERT|SELF_SIGNED|SSL|TLS|UNABLE_TO|EACCES|INVALID|NOT_SUPPORTED/i;

/** The same failures in words, for runtimes that give no code. */
const LASTING_WORDS = /refused|certificate|dns error|lookup address|not supported|requires net access/i;

/** Whether a failure of `fetch` is lasting, by the code of its cause. */
export function isLasting(code: string, message: string): boolean {
  return LASTING.test(code) || LASTING_WORDS.test(message);
}

/** The longest wait before a repetition, in milliseconds. */
const LONGEST_WAIT = 30_000;

/** The longest wait that a server may ask for, in milliseconds. */
export const LONGEST_ASKED = 60_000;

/** The wait that `Retry-After` asks for, in milliseconds: it gives seconds or a date; 0 if it asks for none. */
export function askedWait(header: string | null, now: number): number {
  if (header === null) return 0;
  const wait = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? 0 : Math.max(0, wait);
}

/**
 * The wait before repetition number `repetition` (from 0), in milliseconds: `retryDelay · 2^repetition`, at most 30 s,
 * minus a random part of up to a half, so that many clients do not return at the same time.
 */
export function backOff(
  repetition: number,
  { retryDelay }: Pick<Settings, 'retryDelay'>,
  random = Math.random,
): number {
  return Math.min(LONGEST_WAIT, retryDelay * 2 ** repetition) * (1 - random() / 2);
}

/** Waits. @throws the signal's reason as soon as it is aborted. */
export function sleep(milliseconds: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const abort = () => end(() => reject(signal?.reason));
    const timer = setTimeout(() => end(resolve), milliseconds);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
  });
}
