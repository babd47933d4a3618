/** A worker whose OffscreenCanvas has no WebGL2. It posts the error of the backend. */
import { createWebglBackend } from '../../../src/backends/webgl/index.js';

OffscreenCanvas.prototype.getContext = () => null;

try {
  createWebglBackend();
  postMessage('a backend');
} catch (error) {
  postMessage(String(error));
}
