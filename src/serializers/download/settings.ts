/** Checks the options of transfers and fills in defaults. */
import { ValueError } from '../../errors.js';
import { inWords } from '../../options.js';
import type { TransferOptions } from '../download.js';

/** {@link TransferOptions} without the options that belong to one caller. */
export type Settings = Required<Omit<TransferOptions, 'onProgress' | 'signal'>>;

/** The defaults. Sizes are in bytes, times in milliseconds. */
const DEFAULTS = {
  maxBytes: 2 ** 31,
  timeout: 30_000,
  idleTimeout: 60_000,
  retries: 5,
  retryDelay: 500,
} as const;

/** Hexadecimal digits of the checksums. */
const DIGITS = { md5: 32, sha256: 64 } as const;

/** A checksum in lower case; null if none is given. An empty text is refused: it would look like a check. */
function sumOf(op: string, name: keyof typeof DIGITS, options: TransferOptions): string | null {
  const given: unknown = options[name] ?? null;
  if (given === null) return null;
  if (typeof given === 'string' && given.length === DIGITS[name] && /^[0-9a-f]+$/i.test(given))
    return given.toLowerCase();
  throw new ValueError(`${op}: ${name} is ${inWords(given)}, expected ${DIGITS[name]} hexadecimal digits or null`);
}

function numberOf(op: string, name: keyof typeof DEFAULTS, options: TransferOptions): number {
  const given: unknown = options[name] ?? DEFAULTS[name];
  const isCount = name === 'retries' || name === 'maxBytes';
  if (
    typeof given === 'number' &&
    given >= 0 &&
    (!isCount || Number.isInteger(given) || given === Number.POSITIVE_INFINITY)
  )
    return given;
  throw new ValueError(`${op}: ${name} is ${inWords(given)}, expected ${isCount ? 'a whole' : 'a'} number from 0`);
}

/** Fills in defaults. @throws ValueError for values out of range. */
export function settingsOf(op: string, options: TransferOptions): Settings {
  const { signal } = options;
  if (signal && typeof signal.addEventListener !== 'function')
    throw new ValueError(`${op}: signal is ${inWords(signal)}, expected the signal of an AbortController`);
  if (options.onProgress && typeof options.onProgress !== 'function')
    throw new ValueError(`${op}: onProgress is ${inWords(options.onProgress)}, expected a function`);
  return {
    md5: sumOf(op, 'md5', options),
    sha256: sumOf(op, 'sha256', options),
    maxBytes: numberOf(op, 'maxBytes', options),
    timeout: numberOf(op, 'timeout', options),
    idleTimeout: numberOf(op, 'idleTimeout', options),
    retries: numberOf(op, 'retries', options),
    retryDelay: numberOf(op, 'retryDelay', options),
  };
}
