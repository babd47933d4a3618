/**
 * Finds the target of a path to write: a file, a free name, a pipe or device, or an open file, through symbolic links.
 */
import { builtin, type FileStats } from '../platform/builtin.js';
import { fileFailure, SystemError } from './file-failure.js';

/** The target of a path. */
export type WriteTarget =
  /** A file; `stat` is null if it does not exist yet. */
  | { readonly kind: 'file'; readonly path: string; readonly stat: FileStats | null }
  /** A pipe, a device or a socket. */
  | { readonly kind: 'stream'; readonly path: string; readonly stat: FileStats }
  /** An open file of this process, such as /dev/stdout. */
  | { readonly kind: 'descriptor'; readonly descriptor: number };

/** The most links that are followed, as on Linux. */
const MOST_LINKS = 40;

/**
 * The descriptors of a process on Linux, and of this one on other systems. Their links name paths that cannot be
 * opened.
 */
const DESCRIPTORS = /^(?:\/proc\/(\d+)(?:\/task\/\d+)?|\/dev)\/fd$/;

/** The status of a file, or of a link itself; null if it does not exist. */
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
 * Follows a path to the file that writing it would change.
 *
 * @throws the errors of the system: ENOENT for a missing folder, ELOOP for links in a circle, EISDIR for a directory.
 */
export async function findTarget(path: string): Promise<WriteTarget> {
  const { readlink, realpath, stat } = builtin('node:fs/promises');
  const { basename, dirname, isAbsolute, join, sep } = builtin('node:path');
  if (path === '') throw new SystemError('ENOENT');
  for (let [at, links] = [path, 0]; links <= MOST_LINKS; links++) {
    // A link is relative to its folder, which may be reached by links itself.
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
