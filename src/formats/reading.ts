/** Reading a file that may be of another kind than the reader's: what it is instead is found out once the reader has failed. */
import { FormatError, KeyError } from '../errors.js';
import type { ExpectedFile } from './foreign-file.js';
import type { BytesSource } from './stored-bytes.js';

/**
 * What `read` gives. Where it throws a FormatError or a KeyError and the file turns out to be of another kind, the error is a FormatError
 * that says which, and what to do. What knows the kinds is loaded then.
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
