/** The output of a training: a directory, or null where there is no file system. */
import { ValueError } from '../errors.js';
import {
  hasFileSystem,
  listFiles,
  makeDirectory,
  removeFile,
  type WriteOptions,
  writeBytes,
} from '../serializers/disk.js';
import { readBytes } from '../serializers/files.js';

/** A file of an output directory. */
export interface OutputFile {
  /** Its name in the directory. */
  readonly name: string;
  /** When it was last written, in milliseconds. */
  readonly modified: number;
}

/** A directory for files. A page can bring its own, for example over the browser's private file system. */
export interface OutputDirectory {
  /** Writes a file whole or not at all. A directory that is not on a disk may ignore the options. */
  write(name: string, bytes: Uint8Array, options?: WriteOptions): Promise<void>;
  /** The bytes of a file; rejects if there is none. */
  read(name: string): Promise<Uint8Array>;
  /** The files, in any order. */
  list(): Promise<OutputFile[]>;
  /** Removes a file. */
  remove(name: string): Promise<void>;
}

/** A directory on a disk. */
class DiskDirectory implements OutputDirectory {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async write(name: string, bytes: Uint8Array, options?: WriteOptions): Promise<void> {
    await writeBytes(this.#pathOf(name), bytes, options);
  }

  async read(name: string): Promise<Uint8Array> {
    return readBytes(this.#pathOf(name));
  }

  list(): Promise<OutputFile[]> {
    return listFiles(this.#path);
  }

  async remove(name: string): Promise<void> {
    await removeFile(this.#pathOf(name));
  }

  #pathOf(name: string): string {
    if (name.split(/[\\/]/).includes('..'))
      throw new ValueError(`output: '${name}' leaves the directory ${this.#path}`);
    return `${this.#path}/${name}`;
  }
}

/** Opens an output. If it is a path, makes the directory; null where there is no file system. */
export async function openOutput(out: string | OutputDirectory | null): Promise<OutputDirectory | null> {
  if (typeof out !== 'string') return out;
  if (!(await hasFileSystem())) return null;
  await makeDirectory(out);
  return new DiskDirectory(out);
}
