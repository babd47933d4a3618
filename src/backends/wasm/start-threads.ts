/** Starts threads for the wasm backend. Programs that never ask for threads do not carry this file. */
import type { ThreadCount, ThreadUse } from '../../platform/threads.js';
import type { Backend } from '../backend.js';
import { isWasmBackend } from './index.js';
import { loadThreads } from './threads/load.js';

/**
 * Divides later work of a backend among `count` threads, or as many of them as the platform can start. Arrays stay valid.
 *
 * @throws ValueError if `count` is not a positive integer.
 */
export async function startThreads(backend: Backend, count: ThreadCount): Promise<ThreadUse> {
  if (!loadThreads || !isWasmBackend(backend)) return { count: 1, reason: 'this platform has no threads' };
  const { useThreads } = await loadThreads();
  backend.threads = await useThreads(backend.machine, count, (use) => {
    backend.threads = use;
  });
  return backend.threads;
}
