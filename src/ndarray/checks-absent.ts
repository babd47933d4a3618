/** No checked mode from the environment: what `checked-at-load.ts` is in browsers and on edge platforms. */

/** Nobody can have asked. */
export const checkAtLoad = null;
