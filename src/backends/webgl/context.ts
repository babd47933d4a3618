/**
 * The WebGL2 context: made or taken over, checked for what the kernels need, and watched for its loss. It knows
 * nothing of arrays or shaders.
 */

import { createTexture, isWebGL2 } from 'twgl.js';
import { DeviceError } from '../../errors.js';

/** What a backend may be drawn on. */
export type Canvas = HTMLCanvasElement | OffscreenCanvas;

/** Limits that decide which form of a kernel is used. */
export interface Capabilities {
  /** Widest and highest texture, a power of two. */
  readonly maxTextureSize: number;
  /** Textures that one draw can fill. */
  readonly maxDrawBuffers: number;
  /** Float textures can be blended into, so that points can be accumulated. */
  readonly floatBlend: boolean;
}

/** Nothing is shown, so that every feature of a visible canvas is only cost. */
const CONTEXT_ATTRIBUTES: WebGLContextAttributes = {
  alpha: false,
  antialias: false,
  depth: false,
  stencil: false,
  premultipliedAlpha: false,
  preserveDrawingBuffer: false,
  powerPreference: 'high-performance',
};

export class Context {
  readonly gl: WebGL2RenderingContext;
  readonly capabilities: Capabilities;
  #lost = false;

  constructor(canvas: Canvas = createCanvas()) {
    const gl = getWebGL2(canvas);
    if (!gl.getExtension('EXT_color_buffer_float')) {
      throw new DeviceError(
        'webgl: this WebGL2 context lacks the extension EXT_color_buffer_float, without which float32 cannot be rendered to',
      );
    }
    this.gl = gl;
    this.capabilities = {
      maxTextureSize: 2 ** Math.floor(Math.log2(gl.getParameter(gl.MAX_TEXTURE_SIZE))),
      maxDrawBuffers: Math.min(gl.getParameter(gl.MAX_DRAW_BUFFERS), gl.getParameter(gl.MAX_COLOR_ATTACHMENTS)),
      floatBlend: gl.getExtension('EXT_float_blend') !== null,
    };
    canvas.addEventListener('webglcontextlost', () => {
      this.#lost = true;
    });
    gl.disable(gl.DITHER);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.PACK_ALIGNMENT, 1);
  }

  /** A lost context stays lost here, even if the browser restores it: the textures are gone all the same. */
  get lost(): boolean {
    // The event comes in a later task; the query answers now.
    this.#lost ||= this.gl.isContextLost();
    return this.#lost;
  }

  /** Throws DeviceError after the context was lost. */
  assertAlive(operation: string): void {
    if (this.lost) {
      throw new DeviceError(`webgl: ${operation}: the WebGL2 context was lost, and with it all arrays on this device`);
    }
  }

  /** An empty texture without filtering, or an array of several; what it holds is undefined. */
  createTexture(internalFormat: number, width: number, height: number, layers: number): WebGLTexture {
    const { gl } = this;
    return createTexture(gl, {
      ...(layers > 1 && { target: gl.TEXTURE_2D_ARRAY, depth: layers }),
      internalFormat,
      width,
      height,
      minMag: gl.NEAREST,
      wrap: gl.CLAMP_TO_EDGE,
      auto: false,
    });
  }
}

function createCanvas(): Canvas {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(1, 1);
  if (typeof document !== 'undefined') return document.createElement('canvas');
  throw new DeviceError(
    'webgl: there is neither OffscreenCanvas nor a document here, hence no WebGL2 context; outside a browser use the ' +
      "wasm device, or give createWebglBackend({ canvas }) an object whose getContext('webgl2') returns a context",
  );
}

function getWebGL2(canvas: Canvas): WebGL2RenderingContext {
  const gl = canvas.getContext('webgl2', CONTEXT_ATTRIBUTES) as WebGL2RenderingContext | null;
  if (!gl || !isWebGL2(gl)) {
    throw new DeviceError(
      "webgl: the canvas gives no WebGL2 context (getContext('webgl2') is null): hardware acceleration may be off, " +
        'or too many contexts be alive; use the wasm device instead',
    );
  }
  return gl;
}
