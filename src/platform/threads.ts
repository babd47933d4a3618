/** How many threads a program can use here, and the reason where one is all. */
import { ValueError } from '../errors.js';
import { findBuiltin } from './builtin.js';

/** The number of threads that is asked for; `'auto'`: one for each core. */
export type ThreadCount = number | 'auto';

/** The number of threads in use, the caller's included. */
export interface ThreadUse {
  readonly count: number;
  /** The reason for a smaller count than was asked for, else null. */
  readonly reason: string | null;
}

/** More threads than this share the memory's bandwidth and gain little. */
const MOST_THREADS = 16;

/** The number of cores that this process may use. */
function cores(): number {
  const os = findBuiltin('node:os');
  return os ? os.availableParallelism() : (globalThis.navigator?.hardwareConcurrency ?? 1);
}

/** The reason why threads cannot share memory here; null if they can. */
function sharingObstacle(): string | null {
  const threads = findBuiltin('node:worker_threads');
  // A page without isolation can make shared memory, but cannot send it. Node, Deno and Bun do not isolate.
  if (!threads && globalThis.crossOriginIsolated === false) {
    return (
      'the page is not cross-origin isolated: it has to be served with Cross-Origin-Opener-Policy: same-origin and ' +
      'Cross-Origin-Embedder-Policy: require-corp'
    );
  }
  if (typeof SharedArrayBuffer !== 'function') return 'this runtime has no shared memory';
  if (!threads && typeof globalThis.Worker !== 'function') return 'this runtime has no workers';
  return null;
}

/**
 * Checks a number of threads.
 *
 * @param what names the number in the error, such as `init({ threads }):`.
 * @throws ValueError if it is neither a positive integer nor `'auto'`.
 */
export function checkThreadCount(what: string, count: ThreadCount): void {
  if (count !== 'auto' && !(Number.isInteger(count) && count > 0)) {
    throw new ValueError(`${what} ${count} is neither a positive integer nor 'auto'`);
  }
}

/**
 * The number of threads that can be had of `count`, with the reason if that is one.
 *
 * @param obstacle a reason of the caller against more than one thread, or null.
 */
export function usableThreads(count: ThreadCount, obstacle: string | null = null): ThreadUse {
  const asked = Math.min(count === 'auto' ? cores() : count, MOST_THREADS);
  if (asked === 1) return { count: 1, reason: count === 'auto' ? 'there is one core' : null };
  const reason = sharingObstacle() ?? obstacle;
  return reason ? { count: 1, reason } : { count: asked, reason: null };
}
