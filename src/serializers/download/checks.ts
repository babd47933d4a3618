/** Checks bytes against the checksums and the size that a caller expects. */
import { FileError, FormatError } from '../../errors.js';
import { md5 } from '../../formats/md5.js';
import { sha256 } from '../../formats/sha256.js';
import type { Settings } from './settings.js';

/** The kinds of checksums. */
const SUMS = [
  { name: 'MD5', key: 'md5', sumOf: async (bytes: Uint8Array) => md5(bytes) },
  { name: 'SHA-256', key: 'sha256', sumOf: sha256 },
] as const;

/** The first wrong checksum of a file, in words; null if all are right. */
export async function findWrongSum(
  bytes: Uint8Array,
  wanted: Pick<Settings, 'md5' | 'sha256'>,
): Promise<string | null> {
  for (const { name, key, sumOf } of SUMS) {
    const sum = wanted[key] === null ? null : await sumOf(bytes);
    if (sum !== wanted[key]) return `its ${name} sum is ${sum}, not ${wanted[key]}`;
  }
  return null;
}

/** The error of a file with a wrong checksum. */
export function notTheFile(what: string, wrong: string): FormatError {
  return new FormatError(`${what}: not the file it should be: ${wrong}`);
}

/** The error of a file beyond `maxBytes`. `bytes`: its least size. */
export function tooLarge(what: string, bytes: number, { maxBytes }: Pick<Settings, 'maxBytes'>): FileError {
  const message = `${what}: the file has ${bytes} bytes or more, and at most ${maxBytes} are taken: pass { maxBytes }`;
  return new FileError(message, { code: 'EFBIG', path: what });
}

/** Checks bytes in memory. @throws FileError if there are too many, FormatError if a checksum is wrong. */
export async function checkBytes(what: string, bytes: Uint8Array, settings: Settings): Promise<void> {
  if (bytes.length > settings.maxBytes) throw tooLarge(what, bytes.length, settings);
  const wrong = await findWrongSum(bytes, settings);
  if (wrong) throw notTheFile(what, wrong);
}
