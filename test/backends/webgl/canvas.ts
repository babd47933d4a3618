/** Canvases whose WebGL2 lacks a feature that this machine has. */
import { contextOf } from '../../support/webgl-context.js';

/** A canvas, and its context with some answers replaced. */
function restrictedCanvas(
  restrict: (gl: WebGL2RenderingContext) => Partial<Pick<WebGL2RenderingContext, 'getExtension' | 'getParameter'>>,
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = contextOf(canvas);
  Object.assign(gl, restrict(gl));
  return canvas;
}

/** One that answers `value` when asked for the parameter of this name. */
export const canvasWithParameter = (name: 'MAX_TEXTURE_SIZE' | 'MAX_DRAW_BUFFERS', value: number): OffscreenCanvas =>
  restrictedCanvas((gl) => {
    const getParameter = gl.getParameter.bind(gl);
    return { getParameter: (asked: number) => (asked === gl[name] ? value : getParameter(asked)) };
  });

/** One without an extension. */
export const canvasWithoutExtension = (name: string): OffscreenCanvas =>
  restrictedCanvas((gl) => {
    const getExtension = gl.getExtension.bind(gl) as (asked: string) => null;
    return { getExtension: (asked: string) => (asked === name ? null : getExtension(asked)) };
  });
