/** A worker that computes on a WebGL2 backend and posts the result, or the error. */
import { createWebglBackend } from '../../../src/backends/webgl/index.js';

async function compute(): Promise<number[]> {
  const backend = createWebglBackend({ canvas: new OffscreenCanvas(1, 1) });
  const memory = backend.alloc(5, 'float32');
  const x = { shape: [5], dtype: 'float32', memory } as const;
  backend.write(memory, Float32Array.of(1, 2, 3, 4, 5));
  backend.unary('square', x, x);
  return [...(await backend.read(memory))];
}

compute().then(postMessage, (error) => postMessage(String(error)));
