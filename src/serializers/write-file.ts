/** Writes files as a careful editor does: whole or not at all, with mode and owner kept, and through links. Loaded on demand. */
import { builtin, type FileHandle, type FileStats } from '../platform/builtin.js';
import { fileFailure, SystemError } from './file-failure.js';
import { removeLeftovers, temporaryName } from './temporary-files.js';
import { writeDescriptor, writeStream } from './write-stream.js';
import { findTarget } from './write-target.js';

/** How a file is written. */
export interface WriteOptions {
  /**
   * Resolve only when the file survives a loss of power. Default false: its bytes are on the disk before they get its name, so that after
   * a loss of power the old file or the new one is there; which of the two is known only with `durable`, which also flushes the folder.
   */
  durable?: boolean;
}

const [WRITE_BITS, PERMISSIONS, SET_ID_BITS, GROUP, OTHERS] = [0o222, 0o7777, 0o6000, 0o070, 0o007];

/** Refuses a file that its owner protected. The system itself does not stop an administrator. */
async function checkWritable(path: string, { mode }: FileStats): Promise<void> {
  const { open, constants } = builtin('node:fs/promises');
  if ((mode & WRITE_BITS) === 0)
    throw new SystemError('EACCES', `it is read-only (mode ${(mode & PERMISSIONS).toString(8)})`);
  await (await open(path, constants.O_WRONLY)).close(); // says more than `access`: of folders mounted read-only, of attributes
}

/**
 * Gives a file the owner and the mode of the one that it replaces. Where the owner cannot be given, the group is tried; where that cannot
 * be given either, the new group may do no more than all others may.
 */
async function takeAfter(file: FileHandle, { uid, gid, mode }: FileStats): Promise<void> {
  const now = await file.stat();
  const give = (user: number, group: number) =>
    file.chown(user, group).then(
      () => true,
      () => false, // not permitted, or a file system without owners
    );
  const hasOwner = (now.uid === uid && now.gid === gid) || (await give(uid, gid));
  const hasGroup = hasOwner || now.gid === gid || (await give(now.uid, gid));
  let bits = mode & PERMISSIONS;
  if (!hasOwner) bits &= ~SET_ID_BITS;
  if (!hasGroup) bits = (bits & ~GROUP) | ((bits & OTHERS) << 3);
  // File systems without modes refuse. The temporary file is its user's alone, so that nothing is opened to others by that.
  await file.chmod(bits).catch(() => {});
}

/** Flushes a folder, and with it the names in it. Windows has no such thing, nor have some file systems. */
async function flushDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { open } = builtin('node:fs/promises');
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(fileFailure(path, '', error).code)) throw error;
  } finally {
    await directory.close();
  }
}

/** Puts bytes in the place of a file, or where none is yet: a temporary file beside it gets its name. */
async function replaceFile(path: string, stat: FileStats | null, bytes: Uint8Array, durable: boolean): Promise<void> {
  const { open, rename, rm } = builtin('node:fs/promises');
  const { basename, dirname, join } = builtin('node:path');
  const [directory, name] = [dirname(path), basename(path)];
  if (stat) await checkWritable(path, stat);
  await removeLeftovers(directory, name);
  const temporary = join(directory, temporaryName(name));
  // Nobody else may read it before it has its mode. A new file gets what the process's umask says.
  const file = await open(temporary, 'wx', stat ? 0o600 : 0o666);
  try {
    try {
      await file.writeFile(bytes);
      if (stat) await takeAfter(file, stat);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to tell
    throw error;
  }
  if (durable) await flushDirectory(directory);
}

/** What is being written, by its absolute path: the last call wins, whichever would be done first. */
const writing = new Map<string, Promise<void>>();

/**
 * Writes bytes where a path leads, whole or not at all.
 *
 * - A symbolic link stays: what it leads to is replaced, or made.
 * - Mode and owner of a file stay. A new one has the mode that the umask says.
 * - A read-only file is refused, also for administrators.
 * - Of a file with several names (hard links), this name gets the new bytes; the other names keep the old ones.
 * - Pipes, devices and open files (/dev/stdout) are written to, and stay what they are. A pipe waits five seconds for a reader.
 *
 * @throws what the system throws.
 */
export async function writeFile(path: string, bytes: Uint8Array, { durable = false }: WriteOptions): Promise<void> {
  const write = async () => {
    const target = await findTarget(path);
    if (target.kind === 'file') return replaceFile(target.path, target.stat, bytes, durable);
    if (target.kind === 'stream') return writeStream(target.path, target.stat, bytes);
    return writeDescriptor(target.descriptor, bytes);
  };
  const key = builtin('node:path').resolve(path);
  const before = writing.get(key) ?? Promise.resolve();
  const mine = before.then(write, write);
  writing.set(key, mine);
  try {
    await mine;
  } finally {
    if (writing.get(key) === mine) writing.delete(key);
  }
}
