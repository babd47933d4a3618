/** The WebGL2 backend's only door: what it offers to the rooms above. */

import { WebglBackend } from './backend.js';
import type { Canvas } from './context.js';

export type { WebglBackend } from './backend.js';

/** How to make a WebGL2 backend. */
export interface WebglBackendOptions {
  /**
   * What to take the WebGL2 context from, on a page or in a worker; nothing is drawn on it. Default: a canvas of its
   * own, off screen.
   */
  canvas?: Canvas;
}

/**
 * A backend whose primitives are fragment shaders (WebGL2, through twgl.js) on float textures; dtypes float32, int32,
 * uint8, bool. Throws DeviceError where there is no WebGL2 context, or it cannot render to float textures.
 */
export function createWebglBackend({ canvas }: WebglBackendOptions = {}): WebglBackend {
  return new WebglBackend(canvas);
}
