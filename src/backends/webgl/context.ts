/** The WebGL2 context: makes or takes over the context, checks its features, and watches for its loss. */

import { DeviceError, DeviceLostError, MemoryError } from '../../errors.js';
import type { Precision } from '../backend.js';
import { takeErrors, Witness } from './witness.js';

/** The canvases that a backend can take a context from. */
export type Canvas = HTMLCanvasElement | OffscreenCanvas;

/** The limits of a context. Kernels have forms for different limits. */
export interface Capabilities {
  /** The largest width and height of a texture, in texels: a power of two. */
  readonly maxTextureSize: number;
  /** The number of textures that one draw can fill. */
  readonly maxDrawBuffers: number;
  /** Whether draws can blend into float textures, which accumulates points. */
  readonly floatBlend: boolean;
}

const EXTENSIONS = [
  'EXT_color_buffer_float',
  'EXT_color_buffer_half_float',
  'EXT_float_blend',
  'KHR_parallel_shader_compile',
] as const;

/** The canvas is never shown, so every feature of a visible canvas would only cost time. */
const CONTEXT_ATTRIBUTES: WebGLContextAttributes = {
  alpha: false,
  antialias: false,
  depth: false,
  stencil: false,
  premultipliedAlpha: false,
  preserveDrawingBuffer: false,
  powerPreference: 'high-performance',
};

/** The time that {@link Context.restored} waits for the browser. */
const RESTORING_MS = 30_000;

/** The least time between two questions of {@link Context.assertAnswering} to the GPU. */
const ASKING_MS = 500;

export class Context {
  readonly gl: WebGL2RenderingContext;
  readonly capabilities: Capabilities;
  /** The precision of float textures. */
  readonly precision: Precision;
  /** Called after the browser has restored the context, which is empty then. */
  onRestored: () => void = () => {};
  /** Called after a command failed: the values in all textures may be wrong. */
  onFailed: () => void = () => {};
  readonly #witness: Witness;
  #lost = false;
  #waiting: (() => void)[] = [];
  #era = 0;
  #asked = performance.now();

  constructor(given?: Canvas, precision: Precision | 'auto' = 'float32') {
    const { canvas, gl } = given ? contextOf(given) : createContext();
    this.gl = gl;
    this.#witness = new Witness(gl);
    this.assertAlive('createWebglBackend');
    this.precision = precisionOf(gl, precision);
    this.capabilities = {
      maxTextureSize: 2 ** Math.floor(Math.log2(gl.getParameter(gl.MAX_TEXTURE_SIZE))),
      maxDrawBuffers: Math.min(gl.getParameter(gl.MAX_DRAW_BUFFERS), gl.getParameter(gl.MAX_COLOR_ATTACHMENTS)),
      floatBlend: this.precision === 'float16' || gl.getExtension('EXT_float_blend') !== null,
    };
    canvas.addEventListener('webglcontextlost', (event) => {
      this.#lost = true;
      // Otherwise the browser would not restore the context.
      event.preventDefault();
    });
    canvas.addEventListener('webglcontextrestored', () => this.#restore());
    this.#prepare();
    this.assertSound('createWebglBackend', false);
  }

  /**
   * Resolves when the context is available: at once, or after the browser has restored it.
   *
   * @throws DeviceLostError if the browser does not restore the context within 30 s.
   */
  async restored(): Promise<void> {
    if (!this.lost) return;
    await new Promise<void>((resolve, reject) => {
      const giveUp = () =>
        reject(
          new DeviceLostError(
            `webgl: the WebGL2 context was lost, and the browser has not restored it within ${RESTORING_MS / 1000} s; ` +
              'browsers refuse a context to pages that lost it often: reload the page, or use the wasm device',
          ),
        );
      const timer = setTimeout(giveUp, RESTORING_MS);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** The number of times that the backend gave up all textures: after a restoration or a failed command. */
  get era(): number {
    return this.#era;
  }

  /** Whether the context is lost and not yet restored. */
  get lost(): boolean {
    // The event of a loss comes in a later task; the query answers at once.
    this.#lost ||= this.gl.isContextLost();
    return this.#lost;
  }

  /** Throws DeviceLostError while the context is lost. */
  assertAlive(operation: string): void {
    if (this.lost) {
      throw new DeviceLostError(
        `webgl: ${operation}: the WebGL2 context was lost and is not yet restored; await init({ device: 'webgl' }) ` +
          'waits for it, and arrays of which the host has a copy come back then',
      );
    }
  }

  /**
   * Throws unless the GPU has carried out all commands since the last call. After an error, values computed since then may be wrong, and
   * the backend gives up its textures.
   *
   * @param answered whether a read has just brought data from the GPU. If not, this asks the GPU.
   * @param errors the errors of the context, if the caller has taken them
   * @throws DeviceLostError if the context or the GPU process is gone; MemoryError if a command lacked memory; DeviceError if a command
   *   failed otherwise.
   */
  assertSound(operation: string, answered: boolean, errors: readonly string[] = takeErrors(this.gl)): void {
    this.assertAlive(operation);
    if (!answered && !this.#witness.answers()) this.#lost = true;
    this.assertAlive(operation);
    if (errors.length > 0) this.#fail(operation, errors);
  }

  /** As {@link assertSound}, right after a draw. Also throws unless the draw's framebuffer is complete. */
  assertDrawn(operation: string): void {
    const { gl } = this;
    const isComplete = gl.checkFramebufferStatus(gl.FRAMEBUFFER) === gl.FRAMEBUFFER_COMPLETE;
    this.assertSound(operation, isComplete);
    if (!isComplete) throw new DeviceError(`webgl: ${operation}: the framebuffer that it draws to is not complete`);
  }

  /** As {@link assertSound}, at most twice a second, since the question waits for the GPU. For programs that compute for long without a read. */
  assertAnswering(operation: string): void {
    if (performance.now() - this.#asked < ASKING_MS) return;
    this.assertSound(operation, false);
    this.#asked = performance.now();
  }

  /** @throws DeviceLostError if the backend has given up its textures since `era`. */
  assertEra(era: number, operation: string): void {
    this.assertAlive(operation);
    if (era !== this.#era) {
      throw new DeviceLostError(
        `webgl: ${operation}: during the operation, the WebGL2 context was lost and restored, or a command of the GPU failed`,
      );
    }
  }

  #fail(operation: string, errors: readonly string[]): never {
    this.#era++;
    this.onFailed();
    const message =
      `webgl: ${operation}: the GPU reports ${errors.join(', ')} for a command since the last check; arrays computed since then ` +
      'may be wrong, so the device gives up all arrays without a copy on the host';
    throw errors.includes('OUT_OF_MEMORY')
      ? new MemoryError(`${message}; free arrays, or set init({ device: 'webgl', memoryBudget })`)
      : new DeviceError(message);
  }

  #restore(): void {
    this.#lost = false;
    this.#era++;
    // A restored context has no extensions until the program asks for them again.
    for (const extension of EXTENSIONS) this.gl.getExtension(extension);
    this.#prepare();
    this.onRestored();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #prepare(): void {
    const { gl } = this;
    gl.disable(gl.DITHER);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.PACK_ALIGNMENT, 1);
    this.#witness.prepare();
    // Earlier errors say nothing about later commands.
    takeErrors(gl);
  }

  /** Makes a texture without filtering, or an array texture of several layers. Its content is undefined. */
  createTexture(internalFormat: number, width: number, height: number, layers: number): WebGLTexture {
    const { gl } = this;
    const target = layers > 1 ? gl.TEXTURE_2D_ARRAY : gl.TEXTURE_2D;
    const texture = gl.createTexture();
    gl.bindTexture(target, texture);
    if (layers > 1) gl.texStorage3D(target, 1, internalFormat, width, height, layers);
    else gl.texStorage2D(target, 1, internalFormat, width, height);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(target, filter, gl.NEAREST);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(target, wrap, gl.CLAMP_TO_EDGE);
    return texture;
  }
}

/** The best precision that the context can render to, of those requested. EXT_color_buffer_float includes half floats. */
function precisionOf(gl: WebGL2RenderingContext, asked: Precision | 'auto'): Precision {
  const renders = (...extensions: string[]) => extensions.some((name) => gl.getExtension(name) !== null);
  if (asked !== 'float16' && renders('EXT_color_buffer_float')) return 'float32';
  if (asked === 'float32') {
    throw new DeviceError(
      'webgl: this WebGL2 context lacks the extension EXT_color_buffer_float, without which float32 cannot be rendered ' +
        "to; init({ device: 'webgl', precision: 'auto' }) accepts float16",
    );
  }
  if (renders('EXT_color_buffer_half_float', 'EXT_color_buffer_float')) return 'float16';
  throw new DeviceError(
    'webgl: this WebGL2 context has neither EXT_color_buffer_float nor EXT_color_buffer_half_float, without which no ' +
      'floats can be rendered to; use the wasm device instead',
  );
}

/** A canvas, and the WebGL2 context that it gives. */
interface Drawable {
  readonly canvas: Canvas;
  readonly gl: WebGL2RenderingContext;
}

/** Ways to make a canvas, in the order of trial; null on platforms without such a canvas. */
const CANVASES: Readonly<Record<string, () => Canvas | null>> = {
  'new OffscreenCanvas': () => (typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1)),
  // Many versions of WebKit have OffscreenCanvas, but offer WebGL2 on elements alone.
  "document.createElement('canvas')": () => (typeof document === 'undefined' ? null : document.createElement('canvas')),
};

/** The first new canvas that gives a WebGL2 context. @throws DeviceError */
function createContext(): Drawable {
  const tried: string[] = [];
  for (const [name, create] of Object.entries(CANVASES)) {
    const canvas = create();
    const gl = canvas && webgl2Of(canvas);
    if (gl) return { canvas, gl };
    tried.push(`${name} ${canvas ? "gives none (getContext('webgl2'))" : 'does not exist here'}`);
  }
  throw new DeviceError(
    `webgl: no WebGL2 context: ${tried.join(', ')}; hardware acceleration may be off, or there are too many contexts. ` +
      "Use the wasm device instead, or give createWebglBackend({ canvas }) an object whose getContext('webgl2') returns a context",
  );
}

function contextOf(canvas: Canvas): Drawable {
  const gl = webgl2Of(canvas);
  if (gl) return { canvas, gl };
  throw new DeviceError(
    "webgl: the canvas gives no WebGL2 context (getContext('webgl2')): hardware acceleration may be off, there " +
      'may be too many contexts, or the canvas has a context of another kind; use the wasm device instead',
  );
}

function webgl2Of(canvas: Canvas): WebGL2RenderingContext | null {
  try {
    return canvas.getContext('webgl2', CONTEXT_ATTRIBUTES) as WebGL2RenderingContext | null;
  } catch {
    return null; // an OffscreenCanvas without WebGL2 throws a TypeError
  }
}
