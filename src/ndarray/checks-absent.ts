/** Stands for `checked-at-load.ts` in browsers and on edge platforms, which have no environment variables. */

/** No environment can ask for checked mode. */
export const checkAtLoad = null;
