/**
 * Compiled programs by key. A kernel's key holds all that its source depends on, so that the source is put together
 * only when it is compiled; sizes and strides are uniforms, which keeps the number of programs small.
 */

import { DeviceError } from '../../errors.js';
import type { Context } from './context.js';
import { Program } from './program.js';

/** What to compile. Equal keys must mean equal sources. */
export interface Kernel {
  readonly key: string;
  readonly fragment: () => string;
  /** Without one, a triangle covers the whole target. */
  readonly vertex?: () => string;
}

/** One triangle over everything: its corners follow from their numbers alone, so that no buffer is needed. */
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

  /** After the context was restored: every program is gone. */
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

  /** What to throw when shaders do not compile, unless that is for the context's being lost. */
  #failure({ key }: Kernel, cause: unknown): DeviceError {
    this.#context.assertSound(key, false);
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new DeviceError(`webgl: the shader '${key}' does not compile on this driver: ${reason}`, { cause });
  }

  /**
   * Compiles what is not compiled yet, all at once where the driver has threads for it (KHR_parallel_shader_compile), and
   * without blocking.
   *
   * @throws DeviceError if a driver refuses a shader; DeviceLostError if the context is lost meanwhile.
   */
  async prepare(kernels: readonly Kernel[]): Promise<void> {
    const { gl, era } = this.#context;
    const missing = new Map(
      kernels.filter(({ key }) => !this.#programs.has(key)).map((kernel) => [kernel.key, kernel]),
    );
    // All are started before the first is waited for.
    const compiling = [...missing.values()].map(async (kernel) => {
      const program = await Program.compileAsync(gl, ...sourcesOf(kernel)).catch((cause: unknown) => {
        throw this.#failure(kernel, cause);
      });
      // A restored context knows nothing of the programs of before.
      this.#context.assertEra(era, 'warmUp');
      // Meanwhile a draw may have needed it.
      if (!this.#programs.has(kernel.key)) this.#programs.set(kernel.key, program);
    });
    await Promise.all(compiling);
  }
}

const sourcesOf = ({ vertex, fragment }: Kernel): [vertex: string, fragment: string] => [
  vertex?.() ?? FULL_TARGET,
  fragment(),
];
