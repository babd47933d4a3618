/**
 * The WebGL2 backend's door on edge platforms, which have no canvas: bundlers that cannot split a program would put all shaders
 * into it. The package's export conditions put this file in the place of index.ts.
 */
import { DeviceError } from '../../errors.js';

/** @throws DeviceError always. */
export const createWebglBackend: typeof import('./index.js').createWebglBackend = () => {
  throw new DeviceError('webgl: edge platforms have no canvas, and the build for them no shaders; use the wasm device');
};
