/** Runs a reader, and explains its failure if the file turns out to be of another kind. */
import { FormatError, KeyError } from '../errors.js';
import type { ExpectedFile } from './foreign-file.js';
import type { BytesSource } from './stored-bytes.js';

/**
 * The result of `read`. If it throws a FormatError or a KeyError and the file is of another kind, the error becomes a
 * FormatError that names the kind and says what to do. `foreign-file.ts`, which knows the kinds, is loaded then.
 *
 * @param what names the file in errors.
 */
export async function reading<T>(
  expected: ExpectedFile,
  source: BytesSource,
  what: string,
  read: () => T | Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof KeyError)) throw error;
    const { explain } = await import('./foreign-file.js');
    throw explain(expected, source, what, error);
  }
}
