/**
 * The JPEG decoder's place in bundles for browsers, which decode such pictures themselves. The package's export conditions put
 * this file in the place of `strips.ts`.
 */
import { DeviceError } from '../../errors.js';

function absent(): never {
  throw new DeviceError('a bundle for browsers leaves JPEG to the browser, and here is no canvas');
}

/** @throws DeviceError always. */
export const decodeStrips: typeof import('./strips.js').decodeStrips = absent;
/** @throws DeviceError always. */
export const rehearse: typeof import('./strips.js').rehearse = absent;
