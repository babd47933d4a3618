/**
 * Whether the environment asks for checked mode: RENSA_CHECKED=1 on Node, Deno and Bun, read once, when the package is loaded. The
 * first array may be made in the same turn, so what checks cannot be waited for. Bundles for browsers and edge platforms have
 * `checks-absent.ts` in the place of this file; there `init({ checked: true })` loads it.
 */
import { isGranted } from '../platform/permissions.js';
import { checkDevice } from './checked-mode.js';

/** Checks a device, or null where nobody asked. */
export const checkAtLoad: typeof checkDevice | null =
  typeof process === 'object' &&
  isGranted({ name: 'env', variable: 'RENSA_CHECKED' }) &&
  process.env?.RENSA_CHECKED === '1'
    ? checkDevice
    : null;
