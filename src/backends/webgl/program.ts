/** One shader program, compiled and set by twgl.js. The only file that knows twgl.js; what a program computes is written in `shaders/`. */

import { createProgram, createProgramInfoFromProgram, type ProgramInfo } from 'twgl.js';
import { DeviceError } from '../../errors.js';
import { Pause } from './pause.js';

/** What a uniform may be set to: a number, those of a vector or an array, or a texture. */
export type UniformValue = number | readonly number[] | WebGLTexture;

/** twgl.js asks a program that failed for its shaders; a lost context answers null, which twgl.js does not expect. */
const withShaderLists = (gl: WebGL2RenderingContext): WebGL2RenderingContext =>
  new Proxy(gl, {
    get(_, name) {
      if (name === 'getAttachedShaders') return (program: WebGLProgram) => gl.getAttachedShaders(program) ?? [];
      const member: unknown = Reflect.get(gl, name);
      return typeof member === 'function' ? member.bind(gl) : member;
    },
  });

export class Program {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #setters: ProgramInfo['uniformSetters'];

  private constructor(gl: WebGL2RenderingContext, program: WebGLProgram) {
    this.#gl = gl;
    this.#program = program;
    this.#setters = createProgramInfoFromProgram(gl, program).uniformSetters;
    // A linked program needs its shaders no longer.
    for (const shader of gl.getAttachedShaders(program) ?? []) gl.deleteShader(shader);
  }

  /** @throws DeviceError with the driver's log. */
  static compile(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
    const log: string[] = [];
    const program: WebGLProgram | undefined = createProgram(withShaderLists(gl), [vertex, fragment], (message) =>
      log.push(message),
    );
    if (!program) throw new DeviceError(log.join('\n'));
    return new Program(gl, program);
  }

  /** {@link compile} without blocking, for as much of the work as the driver does beside others. */
  static async compileAsync(gl: WebGL2RenderingContext, vertex: string, fragment: string): Promise<Program> {
    // twgl.js waits by timers, which browsers delay for pages in the background.
    const program = gl.createProgram();
    for (const [type, source] of [
      [gl.VERTEX_SHADER, vertex],
      [gl.FRAGMENT_SHADER, fragment],
    ] as const) {
      const shader = gl.createShader(type);
      if (!shader) throw new DeviceError('the context gives no shader: it is lost');
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      gl.deleteShader(shader); // once the program lets it go
    }
    gl.linkProgram(program);
    const parallel = gl.getExtension('KHR_parallel_shader_compile');
    const pause = new Pause();
    do await pause.next();
    while (parallel && !gl.getProgramParameter(program, parallel.COMPLETION_STATUS_KHR));
    if (gl.getProgramParameter(program, gl.LINK_STATUS)) return new Program(gl, program);
    gl.deleteProgram(program);
    // Compiles again, to throw the driver's log as it does.
    return Program.compile(gl, vertex, fragment);
  }

  /** Makes it the one that draws. */
  use(): void {
    this.#gl.useProgram(this.#program);
  }

  /** Sets uniforms of the program that is in use. Those that the shaders do not read are passed over. */
  set(values: Readonly<Record<string, UniformValue>>): void {
    for (const name in values) this.#setters[name]?.(values[name]);
  }
}
