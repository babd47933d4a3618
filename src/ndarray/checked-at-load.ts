/**
 * Whether the environment asks for checked mode: RENSA_CHECKED=1 on Node, Deno and Bun, read once, when the package is loaded. The
 * first array may be made in the same turn, so what checks cannot be waited for. Bundles for browsers and edge platforms have
 * `checks-absent.ts` in the place of this file; there `init({ checked: true })` loads it.
 */
import { checkDevice } from './checked-mode.js';

declare const Deno: { permissions: { querySync(query: object): { state: string } } } | undefined;

/** Deno asks its user before a variable is read, unless that was allowed: nobody wants to be asked for this one. */
const mayRead = (): boolean =>
  typeof Deno === 'undefined' ||
  Deno.permissions.querySync({ name: 'env', variable: 'RENSA_CHECKED' }).state === 'granted';

/** Checks a device, or null where nobody asked. */
export const checkAtLoad: typeof checkDevice | null =
  typeof process === 'object' && mayRead() && process.env?.RENSA_CHECKED === '1' ? checkDevice : null;
