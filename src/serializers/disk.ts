/** Files on the disk of Node, Deno or Bun: reading, writing, directories. See files.ts for other sources of bytes. */

import { DeviceError, FormatError } from '../errors.js';
import type { BytesSource } from '../formats/stored-bytes.js';
import { builtin, findBuiltin } from '../platform/builtin.js';
import { fileFailure, SystemError } from './file-failure.js';
import type { WriteOptions } from './write-file.js';

export type { WriteOptions } from './write-file.js';

const FOR_READING = 'use a URL (an address, or new URL(path, location.href)), a Blob or bytes';
const FOR_WRITING = 'take the bytes that toNpz, toSafetensors or toOnnx give';

function fileSystem(path: string | URL, advice: string) {
  const fs = findBuiltin('node:fs/promises');
  if (!fs) throw new DeviceError(`${path}: there is no file system here: ${advice}`);
  return fs;
}

/** Runs an action on a file. @throws FileError that names the path and the reason. */
export async function attempt<T>(
  path: string | URL,
  action: string,
  act: () => Promise<T>,
  missing?: string,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw fileFailure(String(path), action, error, missing);
  }
}

export const UNREADABLE = 'the file could not be read';
export const UNWRITABLE = 'the file could not be written';

/** The reason for a missing folder of a path to write. */
const noDirectoryOf = (path: string) => `there is no directory '${path.replace(/[/\\][^/\\]*$/, '')}'`;

/** Whether an address is on the network, or in the memory of a page. */
export const isRemote = (source: string | URL): boolean =>
  source instanceof URL ? source.protocol !== 'file:' : /^(https?|blob|data):/i.test(source);

/** A path for the file system: `file:///x` in a text is a URL too. */
const pathOf = (source: string | URL): string | URL =>
  typeof source === 'string' && source.startsWith('file://') ? new URL(source) : source;

/** All bytes of a file. @throws FileError if it cannot be read, DeviceError without a file system. */
export async function readFile(source: string | URL): Promise<Uint8Array> {
  const system = fileSystem(source, FOR_READING);
  const { buffer, byteOffset, length } = await attempt(source, UNREADABLE, () => system.readFile(pathOf(source)));
  return new Uint8Array(buffer, byteOffset, length);
}

/**
 * A file that is opened for each read, so that nothing has to be closed. Null without a file system, and for a pipe or
 * anything else that is not a plain file, which can be read only once.
 *
 * @throws FileError if it cannot be read; a later read throws it too, and FormatError if the file was changed meanwhile.
 */
export function openFile(source: string | URL): BytesSource | null {
  const fs = findBuiltin('node:fs');
  if (!fs) return null;
  const path = pathOf(source);
  const opened = () => {
    try {
      const file = fs.openSync(path, 'r');
      return { file, stat: fs.fstatSync(file) };
    } catch (error) {
      throw fileFailure(String(source), UNREADABLE, error);
    }
  };
  const { file, stat } = opened();
  fs.closeSync(file);
  if (!stat.isFile()) return null;
  return {
    length: stat.size,
    read(start, into) {
      const { file, stat: now } = opened();
      try {
        let at = 0;
        while (at < into.length) {
          const count = fs.readSync(file, into, at, into.length - at, start + at);
          if (count === 0) break;
          at += count;
        }
        if (at < into.length || now.size !== stat.size || now.mtimeMs !== stat.mtimeMs)
          throw new FormatError(`${String(source)}: the file was changed after it was opened`);
      } catch (error) {
        throw error instanceof FormatError ? error : fileFailure(String(source), UNREADABLE, error);
      } finally {
        fs.closeSync(file);
      }
    },
  };
}

/**
 * Writes a file whole or not at all. See `write-file.ts` for links, modes and devices.
 *
 * @throws FileError if it cannot be written, also if it is read-only or a directory.
 */
export async function writeBytes(path: string, bytes: Uint8Array, options: WriteOptions = {}): Promise<void> {
  fileSystem(path, FOR_WRITING);
  const { writeFile } = await import('./write-file.js');
  const write = () => {
    if (isRemote(path)) throw new SystemError('EINVAL', 'an address on the network is not a file');
    return writeFile(path.startsWith('file://') ? builtin('node:url').fileURLToPath(path) : path, bytes, options);
  };
  await attempt(path, UNWRITABLE, async () => write(), noDirectoryOf(path));
}

/** Whether this runtime has a file system. */
export async function hasFileSystem(): Promise<boolean> {
  return findBuiltin('node:fs/promises') !== undefined;
}

/** Makes a directory and its parents if they do not exist. */
export async function makeDirectory(path: string): Promise<void> {
  const { mkdir } = fileSystem(path, FOR_WRITING);
  await attempt(path, 'the directory could not be made', () => mkdir(path, { recursive: true }));
}

/** The files directly in a directory, and when each was last written, in milliseconds. */
export async function listFiles(path: string): Promise<{ name: string; modified: number }[]> {
  const { readdir, stat } = fileSystem(path, FOR_READING);
  return attempt(path, 'the directory could not be read', async () => {
    const entries = await readdir(path, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    return Promise.all(files.map(async (name) => ({ name, modified: (await stat(`${path}/${name}`)).mtimeMs })));
  });
}

/** Removes a file if it exists. */
export async function removeFile(path: string): Promise<void> {
  const { rm } = fileSystem(path, FOR_WRITING);
  await attempt(path, 'the file could not be removed', () => rm(path, { force: true }));
}

/** The length of a file in bytes; null if it does not exist. */
export async function fileSize(path: string): Promise<number | null> {
  const { stat } = fileSystem(path, FOR_READING);
  try {
    return (await stat(path)).size;
  } catch (cause) {
    const error = fileFailure(path, UNREADABLE, cause);
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
