/** Edge platforms have no threads, and could not compile kernels for them. */
import type { ThreadsLoader } from './load.js';

export const loadThreads: ThreadsLoader = null;
