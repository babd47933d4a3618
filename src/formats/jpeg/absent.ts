/**
 * Stands in for the JPEG decoder in bundles for browsers, which decode JPEG themselves. The package's export conditions
 * choose this file instead of `strips.ts`.
 */
import { DeviceError } from '../../errors.js';

function absent(): never {
  throw new DeviceError('a bundle for browsers leaves JPEG to the browser, and there is no canvas here');
}

/** @throws DeviceError always. */
export const decodeStrips: typeof import('./strips.js').decodeStrips = absent;
/** @throws DeviceError always. */
export const rehearse: typeof import('./strips.js').rehearse = absent;
