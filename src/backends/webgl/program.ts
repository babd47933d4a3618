/** One shader program, compiled and set by twgl.js. This is the only file that imports twgl.js. */

import { createProgram, createProgramInfoFromProgram, type ProgramInfo } from 'twgl.js';
import { DeviceError } from '../../errors.js';
import { Pause } from './pause.js';

/** The value of a uniform: a number, the numbers of a vector or an array, or a texture. */
export type UniformValue = number | readonly number[] | WebGLTexture;

/** A context whose list of a failed program's shaders is never null: twgl.js does not expect the null of a lost context. */
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
    // A linked program no longer needs its shaders.
    for (const shader of gl.getAttachedShaders(program) ?? []) gl.deleteShader(shader);
  }

  /** Compiles a program. @throws DeviceError with the driver's log. */
  static compile(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
    const log: string[] = [];
    const program: WebGLProgram | undefined = createProgram(withShaderLists(gl), [vertex, fragment], (message) =>
      log.push(message),
    );
    if (!program) throw new DeviceError(log.join('\n'));
    return new Program(gl, program);
  }

  /** Compiles a program without blocking, if the driver compiles in threads. @throws DeviceError with the driver's log. */
  static async compileAsync(gl: WebGL2RenderingContext, vertex: string, fragment: string): Promise<Program> {
    // twgl.js would wait by timers, which browsers delay on background pages.
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
      gl.deleteShader(shader); // takes effect when the program releases the shader
    }
    gl.linkProgram(program);
    const parallel = gl.getExtension('KHR_parallel_shader_compile');
    const pause = new Pause();
    do await pause.next();
    while (parallel && !gl.getProgramParameter(program, parallel.COMPLETION_STATUS_KHR));
    if (gl.getProgramParameter(program, gl.LINK_STATUS)) return new Program(gl, program);
    gl.deleteProgram(program);
    // The second compilation throws the error with the driver's log.
    return Program.compile(gl, vertex, fragment);
  }

  /** Makes this the program of later draws. */
  use(): void {
    this.#gl.useProgram(this.#program);
  }

  /** Sets uniforms of the program in use, and ignores those that the shaders do not read. */
  set(values: Readonly<Record<string, UniformValue>>): void {
    for (const name in values) this.#setters[name]?.(values[name]);
  }
}
