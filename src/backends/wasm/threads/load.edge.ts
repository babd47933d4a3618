/** The loader of threads on edge platforms, which have none. */
import type { ThreadsLoader } from './load.js';

export const loadThreads: ThreadsLoader = null;
