/** Which failures of the network pass by themselves, and how long to wait before the next attempt. */
import type { Settings } from './settings.js';

/** A failure after which the same request may succeed. */
export class PassingFailure extends Error {
  /** What the caller gets if it does not pass. */
  readonly error: Error;
  /** How long the server asks to wait at least, in milliseconds. */
  readonly wait: number;
  /** Whether to go on without any wait, since the next request is another one. */
  readonly isChanged: boolean;

  constructor(error: Error, { wait = 0, isChanged = false } = {}) {
    super(error.message);
    this.error = error;
    this.wait = wait;
    this.isChanged = isChanged;
  }
}

/** Answers that say: later. Of 5xx, 501 and 505 say: never. */
export function isPassingStatus(status: number): boolean {
  return [408, 425, 429].includes(status) || (status >= 500 && ![501, 505].includes(status));
}

/** Codes of failures that stay: nobody listens, no such host, a certificate that is not valid, no permission. */
const LASTING = /REFUSED|ENOTFOUND|CERT|SELF_SIGNED|SSL|TLS|UNABLE_TO|EACCES|INVALID|NOT_SUPPORTED/i;

/** The same in words, for runtimes that give no code. */
const LASTING_WORDS = /refused|certificate|dns error|lookup address|not supported|requires net access/i;

/** Whether a failure of `fetch`, with the code of its cause, stays what it is. */
export function isLasting(code: string, message: string): boolean {
  return LASTING.test(code) || LASTING_WORDS.test(message);
}

/** The longest wait before a repetition, in milliseconds. */
const LONGEST_WAIT = 30_000;

/** The longest wait that a server may ask for, in milliseconds. */
export const LONGEST_ASKED = 60_000;

/** What `Retry-After` asks for, in milliseconds: a number of seconds, or a date; 0 if it asks for nothing. */
export function askedWait(header: string | null, now: number): number {
  if (header === null) return 0;
  const wait = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? 0 : Math.max(0, wait);
}

/**
 * How long to wait before repetition number `repetition` (from 0), in milliseconds: `retryDelay · 2^repetition`, at most 30 s, of which a
 * random part of up to a half is left out, so that many clients do not come back at once.
 */
export function backOff(
  repetition: number,
  { retryDelay }: Pick<Settings, 'retryDelay'>,
  random = Math.random,
): number {
  return Math.min(LONGEST_WAIT, retryDelay * 2 ** repetition) * (1 - random() / 2);
}

/** Waits. @throws the signal's reason, at once, when it is aborted. */
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
