/** Whether there can be threads here, and how many are worth it. */
import type { ThreadCount } from '../../backend.js';
import { areSupplied } from '../loader.js';
import { hasWorkers } from './spawn.js';

/** More than this share the memory's bandwidth, and gain little. */
const MOST = 16;

const NOT_ISOLATED =
  'the page is not cross-origin isolated: it has to be served with Cross-Origin-Opener-Policy: same-origin and ' +
  'Cross-Origin-Embedder-Policy: require-corp';

/** Cores that this process may use. */
function cores(): number {
  const os = globalThis.process?.getBuiltinModule?.('node:os');
  return os ? os.availableParallelism() : (globalThis.navigator?.hardwareConcurrency ?? 1);
}

/** Why there can be no threads; null if there can. */
function obstacle(): string | null {
  // Without isolation a shared memory can be made, and cannot be sent. Node, Deno and Bun know no isolation.
  if (globalThis.crossOriginIsolated === false && !globalThis.process?.getBuiltinModule) return NOT_ISOLATED;
  if (typeof SharedArrayBuffer !== 'function') return 'this runtime has no shared memory';
  if (!hasWorkers()) return 'this runtime has no workers';
  if (areSupplied()) return 'the kernels that init({ wasm }) was given work on a memory that is not shared';
  return null;
}

/** How many threads `count` asks for, and how many of these can be: fewer for a reason. */
export function possible(count: ThreadCount): { count: number; reason: string | null } {
  const asked = Math.min(count === 'auto' ? cores() : count, MOST);
  if (asked === 1) return { count: 1, reason: count === 'auto' ? 'there is one core' : null };
  const reason = obstacle();
  return reason ? { count: 1, reason } : { count: asked, reason: null };
}
