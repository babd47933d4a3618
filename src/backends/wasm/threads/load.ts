/**
 * Loads what starts threads, in a chunk of its own, so that programs without threads do not carry it. On edge platforms the
 * package's import conditions replace this file by `load.edge.ts`.
 */

/** Loads the module that starts threads; null where a platform has none. */
export type ThreadsLoader = (() => Promise<typeof import('./index.js')>) | null;

export const loadThreads: ThreadsLoader = () => import('./index.js');
