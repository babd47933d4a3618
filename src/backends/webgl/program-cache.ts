/**
 * Compiled programs by key. A kernel's key contains everything that its source depends on, so the source is assembled for compilation
 * alone. Sizes and strides are uniforms, which keeps the number of programs small.
 */

import { DeviceError } from '../../errors.js';
import { messageOf } from '../../options.js';
import type { Context } from './context.js';
import { Program } from './program.js';

/** A program to compile. Equal keys mean equal sources. */
export interface Kernel {
  readonly key: string;
  readonly fragment: () => string;
  /** Default: a triangle that covers the whole target. */
  readonly vertex?: () => string;
}

/** One triangle that covers the target. Its corners follow from their numbers, without a buffer. */
const FULL_TARGET = `#version 300 es
void main() {
  gl_Position = vec4(float(gl_VertexID & 1) * 4.0 - 1.0, float(gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}`;

export class ProgramCache {
  readonly #context: Context;
  readonly #programs = new Map<string, Program>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Number of programs compiled so far. */
  get size(): number {
    return this.#programs.size;
  }

  /** Forgets all programs, after the context was restored without them. */
  forgetAll(): void {
    this.#programs.clear();
  }

  /** The program of a kernel, compiled at its first use. */
  get(kernel: Kernel): Program {
    const known = this.#programs.get(kernel.key);
    if (known) return known;
    try {
      const program = Program.compile(this.#context.gl, ...sourcesOf(kernel));
      this.#programs.set(kernel.key, program);
      return program;
    } catch (cause) {
      throw this.#failure(kernel, cause);
    }
  }

  /** The error for shaders that do not compile. @throws DeviceLostError if the context is lost, which also fails compilation. */
  #failure({ key }: Kernel, cause: unknown): DeviceError {
    this.#context.assertSound(key, false);
    return new DeviceError(`webgl: the shader '${key}' does not compile on this driver: ${messageOf(cause)}`, {
      cause,
    });
  }

  /**
   * Compiles the kernels that are not yet compiled, without blocking; all at once if the driver compiles in threads
   * (KHR_parallel_shader_compile).
   *
   * @throws DeviceError if the driver refuses a shader; DeviceLostError if the context is lost in the meantime.
   */
  async prepare(kernels: readonly Kernel[]): Promise<void> {
    const { gl, era } = this.#context;
    const missing = new Map(
      kernels.filter(({ key }) => !this.#programs.has(key)).map((kernel) => [kernel.key, kernel]),
    );
    // All compilations start before the first wait.
    const compiling = [...missing.values()].map(async (kernel) => {
      const program = await Program.compileAsync(gl, ...sourcesOf(kernel)).catch((cause: unknown) => {
        throw this.#failure(kernel, cause);
      });
      // A restored context does not know earlier programs.
      this.#context.assertEra(era, 'warmUp');
      // A draw may have compiled the kernel in the meantime.
      if (!this.#programs.has(kernel.key)) this.#programs.set(kernel.key, program);
    });
    await Promise.all(compiling);
  }
}

const sourcesOf = ({ vertex, fragment }: Kernel): [vertex: string, fragment: string] => [
  vertex?.() ?? FULL_TARGET,
  fragment(),
];
