/** Runs in a worker whose OffscreenCanvas has no WebGL2: posts what the backend says of it. */
import { createWebglBackend } from '../../../src/backends/webgl/index.js';

OffscreenCanvas.prototype.getContext = () => null;

try {
  createWebglBackend();
  postMessage('a backend');
} catch (error) {
  postMessage(String(error));
}
