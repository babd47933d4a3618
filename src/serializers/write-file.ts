/**
 * Writes files as a careful editor does: whole or not at all, with mode and owner kept, and through links. Loaded on
 * demand.
 */
import { builtin, type FileHandle, type FileStats } from '../platform/builtin.js';
import { fileFailure, SystemError } from './file-failure.js';
import { removeLeftovers, temporaryName } from './temporary-files.js';
import { writeDescriptor, writeStream } from './write-stream.js';
import { findTarget } from './write-target.js';

/** Options of writing. */
export interface WriteOptions {
  /**
   * Resolve only when the file survives a loss of power. Default false: after a loss of power either the old or the new
   * file exists, whole, because its bytes are flushed before they get its name. With `durable` it is the new file,
   * because the folder is flushed too.
   */
  durable?: boolean;
}

const [WRITE_BITS, PERMISSIONS, SET_ID_BITS, GROUP, OTHERS] = [0o222, 0o7777, 0o6000, 0o070, 0o007];

/** Refuses a file that its owner protected. The system alone would let an administrator write it. */
async function checkWritable(path: string, { mode }: FileStats): Promise<void> {
  const { open, constants } = builtin('node:fs/promises');
  if ((mode & WRITE_BITS) === 0)
    throw new SystemError('EACCES', `it is read-only (mode ${(mode & PERMISSIONS).toString(8)})`);
  await (await open(path, constants.O_WRONLY)).close(); // finds more than `access`: read-only mounts, attributes
}

/**
 * Gives a file the owner and the mode of the file that it replaces. If the owner cannot be set, the group is tried. If
 * that fails too, the new group gets no more rights than all others have.
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
  // File systems without modes refuse. The temporary file stays private to its user then, which opens nothing to
  // others.
  await file.chmod(bits).catch(() => {});
}

/** Flushes a folder, and with it the names in it. Windows and some file systems lack this. */
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

/** Replaces or creates a file: a temporary file beside it gets its name. */
async function replaceFile(path: string, stat: FileStats | null, bytes: Uint8Array, durable: boolean): Promise<void> {
  const { open, rename, rm } = builtin('node:fs/promises');
  const { basename, dirname, join } = builtin('node:path');
  const [directory, name] = [dirname(path), basename(path)];
  if (stat) await checkWritable(path, stat);
  await removeLeftovers(directory, name);
  const temporary = join(directory, temporaryName(name));
  // Nobody else may read it before it has its mode. A new file gets the mode of the process's umask.
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
    await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to report
    throw error;
  }
  if (durable) await flushDirectory(directory);
}

/** Bytes being written, by absolute path: the last call wins, whichever would finish first. */
const writing = new Map<string, Promise<void>>();

/**
 * Writes bytes to the target of a path, whole or not at all.
 *
 * - A symbolic link stays: its target is replaced, or made.
 * - An existing file keeps its mode and owner. A new one gets the mode of the umask.
 * - A read-only file is refused, also for administrators.
 * - If a file has several names (hard links), this name gets the new bytes; the other names keep the old ones.
 * - Pipes, devices and open files (/dev/stdout) are written to and not replaced. A pipe waits five seconds for a
 *   reader.
 *
 * @throws the errors of the system.
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
