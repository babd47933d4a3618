/**
 * The painter draws kernels: it binds a program, its inputs and its targets, and covers the targets. All results reach their textures
 * here; see `shaders/` for the kernels.
 */

import type { Context } from './context.js';
import type { Program } from './program.js';
import { type Kernel, ProgramCache } from './program-cache.js';
import { type Block, TextureMemory, toElement, type WebglDType } from './storage.js';
import type { TexturePool } from './texture-pool.js';

export type Uniform = number | readonly number[];

/** The part of the target that a draw may change. Default: all of it. */
export interface Region {
  readonly firstTexel: number;
  readonly lastTexel: number;
  /** The only channel that the draw writes. Default: all four. */
  readonly channel?: number;
}

export interface Draw {
  readonly inputs?: Readonly<Record<string, TextureMemory>>;
  readonly uniforms?: Readonly<Record<string, Uniform>>;
  /**
   * One memory for each output of the shader, all of one size, or one memory with as many layers. A memory that is also an input gets a
   * new texture.
   */
  readonly outputs: readonly TextureMemory[];
  readonly region?: Region;
}

/** Gives memory of `size` elements that `draw` fills with an operand of a product, in the order in which the algorithm's kernel reads it. */
export type Arranging = (algorithm: string, size: number, draw: (memory: TextureMemory) => void) => TextureMemory;

export class Painter {
  readonly context: Context;
  readonly pool: TexturePool;
  readonly programs: ProgramCache;
  readonly #borrowed: TextureMemory[] = [];
  #arrangingWeight: Arranging | null = null;
  /** The kernels collected so far; null while kernels are drawn. */
  #collected: Kernel[] | null = null;
  /** Framebuffers of several targets, by the number of targets. */
  readonly #framebuffers = new Map<number, WebGLFramebuffer>();

  constructor(context: Context, pool: TexturePool) {
    this.context = context;
    this.pool = pool;
    this.programs = new ProgramCache(context);
  }

  /** Memory that lasts until the end of the current primitive; each layer has `size` elements. */
  borrow(size: number, dtype: WebglDType = 'float32', layers = 1): TextureMemory {
    const memory = new TextureMemory(dtype, size, this.pool.acquire(size, this.pool.formats[dtype], layers));
    this.#borrowed.push(memory);
    return memory;
  }

  /** Arranges an operand for the current primitive alone. */
  readonly arrange: Arranging = (_, size, draw) => {
    const memory = this.borrow(size);
    draw(memory);
    return memory;
  };

  /** Arranges the weight of a product: a prepared product keeps the result, any other uses it once. */
  readonly arrangeWeight: Arranging = (algorithm, size, draw) =>
    (this.#arrangingWeight ?? this.arrange)(algorithm, size, draw);

  /** Runs a product whose weight is arranged by `arranging`. */
  prepared(arranging: Arranging, product: () => void): void {
    this.#arrangingWeight = arranging;
    try {
      product();
    } finally {
      this.#arrangingWeight = null;
    }
  }

  /** Whether the painter collects kernels instead of drawing them. */
  get isCollecting(): boolean {
    return this.#collected !== null;
  }

  /** Forgets all objects of the context, after it was restored without them. */
  forgetAll(): void {
    this.#framebuffers.clear();
    this.programs.forgetAll();
  }

  /** Runs one primitive, and gives back the memory that the primitive borrows. */
  run(operation: string, primitive: () => void): void {
    this.context.assertAlive(operation);
    try {
      primitive();
    } finally {
      for (const { block } of this.#borrowed.splice(0)) this.pool.release(block);
    }
  }

  /** The kernels that `work` would draw. Nothing is drawn, so all memory keeps its values. */
  collect(work: () => void): Kernel[] {
    const outer = this.#collected;
    const collected: Kernel[] = [];
    this.#collected = collected;
    try {
      work();
    } finally {
      this.#collected = outer;
    }
    return collected;
  }

  /** Computes every texel of the outputs, or of a region. */
  draw(kernel: Kernel, { inputs = {}, uniforms = {}, outputs, region }: Draw): void {
    if (this.#collected) {
      this.#collected.push(kernel);
      return;
    }
    const { gl } = this.context;
    const read = Object.values(inputs);
    const targets = outputs.map((output) =>
      // WebGL cannot read a texture while it renders to it.
      read.includes(output) ? this.pool.acquire(output.size, output.block.format) : output.block,
    );
    this.#bind(this.programs.get(kernel), inputs, uniforms, targets);
    if (region) this.#restrict(region, targets[0]);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    if (region) {
      gl.disable(gl.SCISSOR_TEST);
      gl.colorMask(true, true, true, true);
    }
    for (const [i, output] of outputs.entries()) {
      output.changed();
      if (targets[i] === output.block) continue;
      this.pool.release(output.block);
      output.block = targets[i];
    }
  }

  /** Adds one point for each vertex to the output; WebGL2 has no other way to scatter. Needs `capabilities.floatBlend`. */
  addPoints(
    kernel: Kernel,
    count: number,
    inputs: Readonly<Record<string, TextureMemory>>,
    uniforms: Readonly<Record<string, Uniform>>,
    output: TextureMemory,
  ): void {
    if (this.#collected) {
      this.#collected.push(kernel);
      return;
    }
    const { gl } = this.context;
    this.#bind(this.programs.get(kernel), inputs, uniforms, [output.block]);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE);
    gl.drawArrays(gl.POINTS, 0, count);
    gl.disable(gl.BLEND);
    output.changed();
  }

  /** Sets every element. */
  fill(output: TextureMemory, value: number): void {
    if (this.#collected) return;
    const { gl } = this.context;
    const { dtype, block } = output;
    const element = toElement(value, dtype);
    output.changed();
    gl.bindFramebuffer(gl.FRAMEBUFFER, block.framebuffer);
    if (dtype === 'float32') gl.clearBufferfv(gl.COLOR, 0, [element, element, element, element]);
    else gl.clearBufferiv(gl.COLOR, 0, [element, element, element, element]);
  }

  #bind(
    program: Program,
    inputs: Readonly<Record<string, TextureMemory>>,
    uniforms: Readonly<Record<string, Uniform>>,
    targets: readonly Block[],
  ): void {
    const { gl } = this.context;
    program.use();
    for (const [name, { block }] of Object.entries(inputs)) {
      program.set({
        [name]: block.texture,
        [`${name}_shift`]: block.shift,
        [`${name}_scale`]: [1 / block.width, 1 / block.height],
      });
    }
    program.set(uniforms);
    const [{ width, height, shift, framebuffer }] = targets;
    program.set({ out_shift: shift, out_size: [width, height] });
    gl.bindFramebuffer(gl.FRAMEBUFFER, targets.length === 1 ? framebuffer : this.#attach(targets));
    gl.viewport(0, 0, width, height);
  }

  #attach(targets: readonly Block[]): WebGLFramebuffer {
    const { gl } = this.context;
    let framebuffer = this.#framebuffers.get(targets.length);
    if (!framebuffer) {
      framebuffer = gl.createFramebuffer();
      this.#framebuffers.set(targets.length, framebuffer);
      gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
      gl.drawBuffers(targets.map((_, i) => gl.COLOR_ATTACHMENT0 + i));
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    for (const [i, { texture }] of targets.entries()) {
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + i, gl.TEXTURE_2D, texture, 0);
    }
    return framebuffer;
  }

  #restrict({ firstTexel, lastTexel, channel }: Region, { width, shift }: Block): void {
    const { gl } = this.context;
    const [first, last] = [firstTexel >> shift, lastTexel >> shift];
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(0, first, width, last - first + 1);
    if (channel !== undefined) gl.colorMask(channel === 0, channel === 1, channel === 2, channel === 3);
  }
}
