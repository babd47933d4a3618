/**
 * A lock between processes: a file whose text names its holder. A lock is stale, and may be taken over, when its
 * process has ended, or when nobody has touched it for a minute. Its holder touches it every five seconds.
 *
 * The lock saves work; it does not protect bytes. A holder that was stopped for more than a minute and continues does
 * no harm, because each download writes to a file of its own (`disk-store.ts`).
 */
import { builtin } from '../../platform/builtin.js';
import { fileFailure } from '../file-failure.js';
import { fateOf, uniqueWord } from '../process-identity.js';
import { sleep } from './retries.js';

/** Time between two touches by the holder, in milliseconds. */
const HEARTBEAT = 5_000;

/** How long a lock may go untouched, in milliseconds by the clock of the waiting process. */
const LIFE = 60_000;

/** Time between two looks of a waiting process, in milliseconds. */
const POLL = 50;

/**
 * The text of a lock and when it was touched; null if there is no lock. A lock that cannot be read, such as a broken
 * link, has the text ''.
 */
async function look(path: string): Promise<{ text: string; touched: number } | null> {
  const { lstat, readFile } = builtin('node:fs/promises');
  try {
    const { mtimeMs } = await lstat(path);
    return { text: await readFile(path, 'utf8').catch(() => ''), touched: mtimeMs };
  } catch (error) {
    if (fileFailure(path, '', error).code === 'ENOENT') return null;
    throw error;
  }
}

/** Takes the lock if it is free. */
async function take(path: string, text: string): Promise<boolean> {
  const { writeFile } = builtin('node:fs/promises');
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    const { code } = fileFailure(path, '', error);
    // Windows says EPERM while a file is being removed.
    if (code === 'EEXIST' || (code === 'EPERM' && process.platform === 'win32')) return false;
    throw error;
  }
}

/** A lock that this process holds. */
export interface Lock {
  /** Whether another process held it before. */
  readonly hasWaited: boolean;
  release(): Promise<void>;
}

/** Takes a lock, waiting until it is free. @throws the reason of `signal`; the errors of the system. */
export async function takeLock(path: string, signal: AbortSignal | null): Promise<Lock> {
  const { rm, utimes } = builtin('node:fs/promises');
  const own = uniqueWord();
  let hasWaited = false;
  let seen = { text: '', touched: 0, since: performance.now() };
  while (!(await take(path, own))) {
    hasWaited = true;
    const held = (await look(path)) ?? { text: '', touched: 0 };
    if (held.text !== seen.text || held.touched !== seen.touched) seen = { ...held, since: performance.now() };
    const holder = held.text.slice(0, held.text.lastIndexOf('-'));
    const isStale = fateOf(holder) === 'dead' || performance.now() - seen.since > LIFE;
    // Another process may have taken the lock over by now. Removing the new lock then happens only in a rare race.
    if (isStale && (await look(path))?.text === held.text) await rm(path, { force: true });
    else await sleep(POLL, signal);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT);
  return {
    hasWaited,
    async release() {
      clearInterval(heartbeat);
      if ((await look(path).catch(() => null))?.text === own) await rm(path, { force: true }).catch(() => {});
    },
  };
}
