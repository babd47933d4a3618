/** Writes to pipes, devices, and files that this process has open. It never replaces them by a file. */
import { builtin, type FileHandle, type FileStats } from '../platform/builtin.js';
import { fileFailure, SystemError } from './file-failure.js';

/** How long a named pipe waits for a reading program, in milliseconds. */
const READER_WAIT = 5_000;

/** Pause between attempts, in milliseconds. */
const PAUSE = 10;

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE));

const codeOf = (error: unknown): string => fileFailure('', '', error).code;

/** Writes all bytes to an open file, and waits while a pipe is full. */
export async function writeDescriptor(descriptor: number, bytes: Uint8Array): Promise<void> {
  const { write } = builtin('node:fs');
  const put = (at: number) =>
    new Promise<number>((resolve, reject) => {
      write(descriptor, bytes, at, bytes.length - at, null, (error, count) => (error ? reject(error) : resolve(count)));
    });
  for (let at = 0; at < bytes.length; ) {
    try {
      at += await put(at);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      await pause();
    }
  }
}

/**
 * Waits until a program reads a named pipe. Opening it for writing would wait, too, but forever, and in one of the few
 * threads that the process has for files.
 */
async function awaitReader(path: string): Promise<FileHandle> {
  const { open, constants } = builtin('node:fs/promises');
  for (const end = performance.now() + READER_WAIT; ; await pause()) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (codeOf(error) !== 'ENXIO') throw error;
      if (performance.now() > end)
        throw new SystemError('ENXIO', `no program has read this pipe for ${READER_WAIT / 1000} s`);
    }
  }
}

/**
 * Writes to a pipe or a device. A named pipe waits up to five seconds for its reader.
 *
 * @throws the errors of the system; ENXIO for a pipe that nobody reads, and for a socket, which cannot be written as a
 *   file.
 */
export async function writeStream(path: string, stat: FileStats, bytes: Uint8Array): Promise<void> {
  const { open, constants } = builtin('node:fs/promises');
  if (stat.isSocket()) throw new SystemError('ENXIO', 'it is a socket, which is connected to and not written');
  const first = stat.isFIFO() ? await awaitReader(path) : null;
  try {
    // Opened again, because Deno repeats bytes when a non-blocking write would block.
    const file = await open(path, constants.O_WRONLY);
    try {
      await writeDescriptor(file.fd, bytes);
    } finally {
      await file.close();
    }
  } finally {
    await first?.close();
  }
}
