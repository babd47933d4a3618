/** The WebGL2 backend's only entry. */

import { type WebglBackend, webglBackend } from './backend.js';
import { checkWebglOptions, type WebglBackendOptions } from './options.js';

export type { WebglBackend } from './backend.js';
export type { WebglBackendOptions } from './options.js';

/**
 * Makes a backend whose primitives are fragment shaders on float textures. Its dtypes are float32, int32, uint8 and bool.
 *
 * @throws DeviceError if there is no WebGL2 context, or if the context cannot render to float textures; ValueError for an unknown value
 *   of an option.
 */
export function createWebglBackend(options: WebglBackendOptions = {}): WebglBackend {
  checkWebglOptions(options);
  return webglBackend(options);
}
