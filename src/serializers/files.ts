/** Reads bytes from paths, URLs, blobs and memory. See disk.ts for files, and download/ for the network. */

import type { BytesSource } from '../formats/stored-bytes.js';
import { isRemote, openFile, readFile } from './disk.js';
import type { TransferOptions } from './download.js';

/** Sources of bytes: a path (on runtimes with a file system), a URL, a Blob or File, or the bytes themselves. */
export type ByteSource = string | URL | Blob | ArrayBuffer | Uint8Array;

/** The name and password in a URL. */
const CREDENTIALS = /^(https?:\/\/)[^/?#]*@/i;

/** The name of a source in messages. */
export function nameOf(source: ByteSource): string {
  if (typeof source === 'string') return source.replace(CREDENTIALS, '$1');
  if (source instanceof URL) return nameOf(source.href);
  if (source instanceof Blob) return 'name' in source ? String(source.name) : 'blob';
  return 'bytes';
}

/**
 * All bytes of a source. The options concern URLs, but checksums and `maxBytes` hold for every source.
 *
 * @param op the caller, for messages about options.
 * @throws FileError if a file or URL cannot be read, with the code 'ENOENT' if it does not exist; TypeError for a value
 *   that is not a source; FormatError if a checksum is wrong.
 */
export async function readBytes(
  source: ByteSource,
  options: TransferOptions = {},
  op = 'readBytes',
): Promise<Uint8Array> {
  if ((typeof source === 'string' || source instanceof URL) && isRemote(source))
    return (await import('./download/cached.js')).fetchBytes(op, source, options);
  options.signal?.throwIfAborted();
  const bytes = await bytesOf(source);
  if (Object.values(options).some((value) => value !== undefined))
    await (await import('./download/cached.js')).checkSource(op, nameOf(source), bytes, options);
  return bytes;
}

async function bytesOf(source: ByteSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw new TypeError(`expected a path, a URL, a Blob or bytes, got ${describe(source)}`);
  }
  return readFile(source);
}

/** Describes a value that is not a source. */
function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'an object') : String(value);
}

/**
 * Opens the bytes of a source without copying them. A file on a disk stays there and is opened for each read, so
 * nothing has to be closed.
 *
 * @throws FileError if a file or URL cannot be read; a later read throws it too, and FormatError if the file was
 *   changed meanwhile.
 */
export async function openBytes(
  source: ByteSource,
  options: TransferOptions = {},
  op = 'openBytes',
): Promise<BytesSource> {
  options.signal?.throwIfAborted();
  const isPath = typeof source === 'string' || source instanceof URL;
  // A checksum needs all bytes in memory.
  const isChecked = [options.md5, options.sha256, options.maxBytes].some((value) => (value ?? null) !== null);
  if (!isPath || isRemote(source) || isChecked) return readBytes(source, options, op);
  return openFile(source) ?? readBytes(source);
}
