/** Bytes in and out of files, URLs and blobs, on runtimes that have them. The only serializer file that touches a disk. */
import { DeviceError, FormatError, KeyError } from '../errors.js';

/** Node's, Deno's or Bun's file system, asked for at run time: an import would stop every bundler for browsers. */
function builtinFileSystem(): typeof import('node:fs/promises') | undefined {
  return globalThis.process?.getBuiltinModule?.('node:fs/promises');
}

function fileSystem(): typeof import('node:fs/promises') {
  const fs = builtinFileSystem();
  if (!fs) throw new DeviceError('there is no file system here: use bytes, a URL or a Blob');
  return fs;
}

/** Where bytes can come from: a path (where there is a file system), a URL, a Blob or File, or the bytes themselves. */
export type ByteSource = string | URL | Blob | ArrayBuffer | Uint8Array;

/** The name a source has in messages. */
export function nameOf(source: ByteSource): string {
  if (typeof source === 'string') return source;
  if (source instanceof URL) return source.href;
  if (source instanceof Blob) return 'name' in source ? String(source.name) : 'blob';
  return 'bytes';
}

/** All bytes of a source. @throws KeyError if a file or URL does not exist. */
export async function readBytes(source: ByteSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  if (source instanceof URL ? source.protocol !== 'file:' : /^(https?|blob|data):/.test(source)) {
    const response = await fetch(source);
    if (!response.ok)
      throw new KeyError(`${nameOf(source)}: the server answered ${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  }
  const { readFile } = fileSystem();
  try {
    return new Uint8Array(await readFile(source));
  } catch (error) {
    throw new KeyError(`${nameOf(source)}: the file could not be read`, { cause: error });
  }
}

/** Writes a file whole or not at all: to a temporary file beside it, then renamed. */
export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  const { open, rename, rm } = fileSystem();
  const temporary = `${path}.${Math.random().toString(36).slice(2, 10)}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new FormatError(`${path}: the file could not be written`, { cause: error });
  }
}

/** Whether there is a file system here. */
export async function hasFileSystem(): Promise<boolean> {
  return builtinFileSystem() !== undefined;
}

/** Makes a directory, and those above it, unless it is there. */
export async function makeDirectory(path: string): Promise<void> {
  const { mkdir } = fileSystem();
  await mkdir(path, { recursive: true });
}

/** The files right in a directory, and when each was last written, in milliseconds. */
export async function listFiles(path: string): Promise<{ name: string; modified: number }[]> {
  const { readdir, stat } = fileSystem();
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return Promise.all(files.map(async (name) => ({ name, modified: (await stat(`${path}/${name}`)).mtimeMs })));
}

/** Removes a file if it is there. */
export async function removeFile(path: string): Promise<void> {
  const { rm } = fileSystem();
  await rm(path, { force: true });
}

/** The length of a file in bytes; null if there is none. */
export async function fileSize(path: string): Promise<number | null> {
  const { stat } = fileSystem();
  try {
    return (await stat(path)).size;
  } catch {
    return null;
  }
}

/** Writes bytes at the end of a file, which is made if it is not there. */
export async function appendBytes(path: string, bytes: Uint8Array): Promise<void> {
  const { appendFile } = fileSystem();
  await appendFile(path, bytes);
}

/** Gives a file another name, in place of what has it. */
export async function renameFile(from: string, to: string): Promise<void> {
  const { rename } = fileSystem();
  await rename(from, to);
}
