/**
 * The WebGL2 backend's entry on edge platforms, which have no canvas. The package's export conditions replace `index.ts` by this file:
 * bundlers that cannot split a program would include all shaders.
 */
import { DeviceError } from '../../errors.js';

/** @throws DeviceError always. */
export const createWebglBackend: typeof import('./index.js').createWebglBackend = () => {
  throw new DeviceError('webgl: edge platforms have no canvas, and their build has no shaders; use the wasm device');
};
