/** The WebGL2 backend's only door: what it offers to the rooms above. */

import { type WebglBackend, webglBackend } from './backend.js';
import { checkWebglOptions, type WebglBackendOptions } from './options.js';

export type { WebglBackend } from './backend.js';
export type { WebglBackendOptions } from './options.js';

/**
 * A backend whose primitives are fragment shaders (WebGL2, through twgl.js) on float textures; dtypes float32, int32,
 * uint8, bool. Throws DeviceError where there is no WebGL2 context, or it cannot render to float textures; ValueError for an option's
 * value that there is not.
 */
export function createWebglBackend(options: WebglBackendOptions = {}): WebglBackend {
  checkWebglOptions(options);
  return webglBackend(options);
}
