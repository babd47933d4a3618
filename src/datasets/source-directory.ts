/** Finding the files of a dataset in a directory, or in the folder of a URL, that a user names. */
import { KeyError } from '../errors.js';
import { readBytes } from '../serializers/files.js';

/** The bytes of the first of some files that is there. @throws KeyError if none is. */
export async function readFirst(directory: string, names: readonly string[]): Promise<Uint8Array> {
  for (const name of names) {
    try {
      return await readBytes(`${directory.replace(/\/$/, '')}/${name}`);
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
    }
  }
  throw new KeyError(`${directory}: there is none of ${names.join(', ')}`);
}
