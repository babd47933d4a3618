/** Where a path to write leads: through symbolic links, to a file, to a name that is free, to a pipe or device, or to an open file. */
import { builtin, type FileStats } from '../platform/builtin.js';
import { fileFailure, SystemError } from './file-failure.js';

/** What a path to write leads to. */
export type WriteTarget =
  /** A file; `stat` is null where there is none yet. */
  | { readonly kind: 'file'; readonly path: string; readonly stat: FileStats | null }
  /** A pipe, a device or a socket. */
  | { readonly kind: 'stream'; readonly path: string; readonly stat: FileStats }
  /** An open file of this process, such as /dev/stdout. */
  | { readonly kind: 'descriptor'; readonly descriptor: number };

/** How many links are followed: as many as Linux does. */
const MOST_LINKS = 40;

/** The descriptors of a process on Linux, and of this one on other systems. Their links name no paths that can be opened. */
const DESCRIPTORS = /^(?:\/proc\/(\d+)(?:\/task\/\d+)?|\/dev)\/fd$/;

/** The status of what is at a path, of a link itself; null if nothing is there. */
async function statusOf(path: string): Promise<FileStats | null> {
  const { lstat } = builtin('node:fs/promises');
  try {
    return await lstat(path);
  } catch (error) {
    if (fileFailure(path, '', error).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Follows a path to what would be written.
 *
 * @throws what the system throws: ENOENT for a folder that is not there, ELOOP for links in a circle, EISDIR for a directory.
 */
export async function findTarget(path: string): Promise<WriteTarget> {
  const { readlink, realpath, stat } = builtin('node:fs/promises');
  const { basename, dirname, isAbsolute, join, sep } = builtin('node:path');
  if (path === '') throw new SystemError('ENOENT');
  for (let [at, links] = [path, 0]; links <= MOST_LINKS; links++) {
    // A link is relative to the folder it lies in, which may be reached by links itself.
    const directory = await realpath(dirname(at));
    const here = join(directory, basename(at));
    const open = DESCRIPTORS.exec(directory);
    if (open && /^\d+$/.test(basename(at))) {
      const isOwn = open[1] === undefined || Number(open[1]) === process.pid;
      if (isOwn) return { kind: 'descriptor', descriptor: Number(basename(at)) };
      return { kind: 'stream', path: here, stat: await stat(here) };
    }
    const status = await statusOf(here);
    if (status?.isSymbolicLink()) {
      const link = await readlink(here);
      at = isAbsolute(link) ? link : `${directory}${sep}${link}`;
      continue;
    }
    if (status?.isDirectory()) throw new SystemError('EISDIR');
    if (at.endsWith('/') || at.endsWith(sep)) throw new SystemError(status ? 'ENOTDIR' : 'EISDIR');
    if (!status || status.isFile()) return { kind: 'file', path: here, stat: status };
    return { kind: 'stream', path: here, stat: status };
  }
  throw new SystemError('ELOOP');
}
