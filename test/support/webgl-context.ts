/** The WebGL2 context of a canvas, and how a test loses and restores it, as a driver that restarts does. */
import { present } from './present.js';

export const contextOf = (canvas: OffscreenCanvas): WebGL2RenderingContext => present(canvas.getContext('webgl2'));

/** The browser's extension that loses and restores the context of a canvas. Take it before the context is lost. */
export const losingExtension = (canvas: OffscreenCanvas): WEBGL_lose_context =>
  present(contextOf(canvas).getExtension('WEBGL_lose_context'));

/** Loses the context of a canvas and waits until the canvas has been told. Returns a function that restores the context. */
export async function loseContext(canvas: OffscreenCanvas): Promise<() => void> {
  const extension = losingExtension(canvas);
  const lost = new Promise((resolve) => canvas.addEventListener('webglcontextlost', resolve, { once: true }));
  extension.loseContext();
  await lost;
  return () => extension.restoreContext();
}
