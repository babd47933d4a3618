/** Finds the files of a dataset in a directory, or in the folder of a URL, that a user names. */
import { FileError } from '../errors.js';
import { type TransferOptions, transferOptionsOf } from '../serializers/download.js';
import { readBytes } from '../serializers/files.js';

/** The bytes of the first of several files that exists. @throws FileError if none does, or with the first other reason. */
export async function readFirst(
  directory: string,
  names: readonly string[],
  options: TransferOptions = {},
): Promise<Uint8Array> {
  let reason: FileError | null = null;
  for (const name of names) {
    try {
      return await readBytes(`${directory.replace(/\/$/, '')}/${name}`, transferOptionsOf(options));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (reason === null || reason.code === 'ENOENT') reason = error;
    }
  }
  if (reason && reason.code !== 'ENOENT') throw reason;
  const message = `${directory}: there is none of ${names.join(', ')} in it`;
  throw new FileError(message, { code: 'ENOENT', path: directory, cause: reason });
}
