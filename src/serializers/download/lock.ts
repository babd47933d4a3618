/**
 * A lock between processes: a file whose text says who holds it. A lock is stale, and is taken over, when its process is gone, or when
 * nobody has touched it for a minute, which its holder does every five seconds.
 *
 * The lock saves work; it does not guard bytes. A holder that was stopped for more than a minute and goes on does no harm, since each
 * download writes to a file of its own (`disk-store.ts`).
 */
import { builtin } from '../../platform/builtin.js';
import { fileFailure } from '../file-failure.js';
import { fateOf, uniqueWord } from '../process-identity.js';
import { sleep } from './retries.js';

/** How often the holder touches the lock, in milliseconds. */
const HEARTBEAT = 5_000;

/** How long a lock may go untouched, in milliseconds by the clock of who waits. */
const LIFE = 60_000;

/** How often those who wait look, in milliseconds. */
const POLL = 50;

/** The text of a lock and when it was touched; null if there is none. What has no text is not looked through, such as a link. */
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

/** Takes the lock if nobody holds it. */
async function take(path: string, text: string): Promise<boolean> {
  const { writeFile } = builtin('node:fs/promises');
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    const { code } = fileFailure(path, '', error);
    // Windows says EPERM of a file that is being removed.
    if (code === 'EEXIST' || (code === 'EPERM' && process.platform === 'win32')) return false;
    throw error;
  }
}

/** A lock that is held. */
export interface Lock {
  /** Whether somebody else held it before. */
  readonly hasWaited: boolean;
  release(): Promise<void>;
}

/**
 * Takes a lock, and waits until it can.
 *
 * @throws the reason of `signal`; what the system throws.
 */
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
    // Another process may have taken it over in the meantime; then this does not remove the new lock but in a rare race.
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
