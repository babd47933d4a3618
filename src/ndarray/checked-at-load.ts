/**
 * Checked mode by the environment: RENSA_CHECKED=1 on Node, Deno and Bun, read once when the package is loaded. The program may make
 * its first array in the same turn, so this file imports the checks and does not load them later. Bundles for browsers and edge
 * platforms have `checks-absent.ts` in its place; there `init({ checked: true })` loads the checks.
 */
import { isGranted } from '../platform/permissions.js';
import { checkDevice } from './checked-mode.js';

/** Puts a device into checked mode; null if the environment does not ask for that. */
export const checkAtLoad: typeof checkDevice | null =
  typeof process === 'object' &&
  isGranted({ name: 'env', variable: 'RENSA_CHECKED' }) &&
  process.env?.RENSA_CHECKED === '1'
    ? checkDevice
    : null;
