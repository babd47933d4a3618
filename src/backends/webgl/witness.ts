/**
 * Tests whether the GPU still answers. When the browser's GPU process dies, or the driver resets the context, `isContextLost()` stays
 * false until the page's event loop runs. Until then, commands do nothing and report no error, and reads leave their buffer unchanged.
 * The witness is one pixel of a known colour, which only a live GPU returns.
 */

/** The colour of the pixel, in bytes. No channel is 0 or 255, which a context without memory could return. */
const COLOUR = [37, 74, 148, 223];

/** The most errors to take: `getError` reports each kind once, and a context that reports more repeats itself. */
const MOST_ERRORS = 16;

export class Witness {
  readonly #gl: WebGL2RenderingContext;
  #framebuffer: WebGLFramebuffer | null = null;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** Makes the pixel, for a new or restored context. */
  prepare(): void {
    const gl = this.#gl;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, 1, 1);
    this.#framebuffer = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    gl.clearBufferfv(
      gl.COLOR,
      0,
      COLOUR.map((channel) => channel / 255),
    );
  }

  /** Whether the GPU returns the pixel. Waits for all earlier work, and leaves another framebuffer bound. */
  answers(): boolean {
    const gl = this.#gl;
    const pixel = new Uint8Array(4);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#framebuffer);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    return COLOUR.every((channel, i) => pixel[i] === channel);
  }
}

/** The errors since the last call, by name: `OUT_OF_MEMORY`, `INVALID_OPERATION`, … Waits for the GPU process, not for the GPU. */
export function takeErrors(gl: WebGL2RenderingContext): string[] {
  const errors: string[] = [];
  for (let code = gl.getError(); code !== gl.NO_ERROR && errors.length < MOST_ERRORS; code = gl.getError()) {
    errors.push(nameOf(gl, code));
  }
  return errors;
}

const ERROR_NAMES = [
  'INVALID_ENUM',
  'INVALID_VALUE',
  'INVALID_OPERATION',
  'INVALID_FRAMEBUFFER_OPERATION',
  'OUT_OF_MEMORY',
  'CONTEXT_LOST_WEBGL',
] as const;

const nameOf = (gl: WebGL2RenderingContext, code: number): string =>
  ERROR_NAMES.find((name) => gl[name] === code) ?? `error 0x${code.toString(16)}`;
