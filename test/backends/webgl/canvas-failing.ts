/** Canvases whose WebGL2 fails on demand, as drivers and GPU processes do. */
import { contextOf } from '../../support/webgl-context.js';

/** A context that answers as it does in Chromium after its GPU process died, until the event loop runs. */
export function dyingCanvas(): { canvas: OffscreenCanvas; die: () => void } {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = contextOf(canvas);
  const nothing = () => {};
  const die = () =>
    Object.assign(gl, {
      readPixels: nothing,
      getBufferSubData: nothing,
      drawArrays: nothing,
      clearBufferfv: nothing,
      clearBufferiv: nothing,
      texSubImage2D: nothing,
      texStorage2D: nothing,
      texStorage3D: nothing,
      getError: () => gl.NO_ERROR,
      checkFramebufferStatus: () => gl.FRAMEBUFFER_UNSUPPORTED,
      clientWaitSync: () => gl.ALREADY_SIGNALED,
      getShaderParameter: () => false,
      getProgramParameter: (_: WebGLProgram, name: number) => name !== gl.LINK_STATUS,
      getShaderInfoLog: () => '',
      getProgramInfoLog: () => '',
    });
  return { canvas, die };
}

/** A context for which `fail` makes the next command of a name fail with an error: the command is not carried out. */
export function failingCanvas(): {
  canvas: OffscreenCanvas;
  fail: (
    command: 'drawArrays' | 'texStorage2D' | 'texSubImage2D',
    error: 'OUT_OF_MEMORY' | 'INVALID_OPERATION',
  ) => void;
} {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = contextOf(canvas);
  const pending: number[] = [];
  const getError = gl.getError.bind(gl);
  gl.getError = () => pending.shift() ?? getError();
  return {
    canvas,
    fail(command, error) {
      const carryOut = gl[command];
      Object.assign(gl, {
        [command]: () => {
          pending.push(gl[error]);
          Object.assign(gl, { [command]: carryOut });
        },
      });
    },
  };
}
