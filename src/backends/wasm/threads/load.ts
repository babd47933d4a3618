/**
 * The loader of threads. It imports the code that starts them dynamically, so that programs without threads do not contain it.
 * On edge platforms the package's import conditions replace this file by `load.edge.ts`.
 */

/** Loads the module that starts threads; null if the platform has no threads. */
export type ThreadsLoader = (() => Promise<typeof import('./index.js')>) | null;

export const loadThreads: ThreadsLoader = () => import('./index.js');
