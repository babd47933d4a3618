/** Threads for the wasm backend: apart from it, so that programs that never ask for threads carry nothing that loads them. */
import type { ThreadCount, ThreadUse } from '../../platform/threads.js';
import type { Backend } from '../backend.js';
import { isWasmBackend } from './index.js';
import { loadThreads } from './loader.js';

/**
 * Divides later work of a backend among so many threads, or as many of these as can be had. Arrays stay what and where they are.
 *
 * @throws ValueError if `count` is no positive integer.
 */
export async function startThreads(backend: Backend, count: ThreadCount): Promise<ThreadUse> {
  if (!loadThreads || !isWasmBackend(backend)) return { count: 1, reason: 'this platform has no threads' };
  const { useThreads } = await loadThreads();
  backend.threads = await useThreads(backend.machine, count, (use) => {
    backend.threads = use;
  });
  return backend.threads;
}
