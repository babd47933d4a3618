/** The pool of textures. It reuses textures by size and format: making one is slow, and each training step needs the same ones. */

import { DeviceError, MemoryError } from '../../errors.js';
import type { Context } from './context.js';
import { type Block, blockSize, bytesOf, type Format, type Formats, formatsFor } from './storage.js';
import { takeErrors } from './witness.js';

/** The most bytes of free textures that the pool keeps. It deletes the rest, those that were unused for the longest time first. */
const FREE_BYTES_LIMIT = 512 * 2 ** 20;

/** The measures of a texture. */
type Measures = Omit<Block, 'texture' | 'framebuffer'>;

const keyOf = ({ format, width, height, layers }: Measures) => `${format.internalFormat} ${width}×${height}×${layers}`;

export class TexturePool {
  /** Called to free this many bytes of textures, when the budget or the driver's memory is exhausted. */
  onShortage: (bytes: number) => void = () => {};
  /** The texture format of each dtype on this context. */
  readonly formats: Formats;
  readonly #context: Context;
  readonly #budget: number;
  /** Free blocks by size and format; keys in the order of their last use. */
  readonly #free = new Map<string, Block[]>();
  #freeBytes = 0;
  #usedBytes = 0;
  #textures = 0;

  /** @param budget the most bytes of textures, in use or free. One primitive may exceed it. */
  constructor(context: Context, budget: number) {
    this.#context = context;
    this.formats = formatsFor(context.precision);
    this.#budget = budget;
  }

  /** Forgets all textures, after the context was restored without them. */
  forgetAll(): void {
    this.#free.clear();
    this.#freeBytes = 0;
    this.#usedBytes = 0;
    this.#textures = 0;
  }

  /** Bytes of textures, in use or free, and the number of textures. */
  get stats(): { usedBytes: number; reservedBytes: number; textures: number } {
    return { usedBytes: this.#usedBytes, reservedBytes: this.#usedBytes + this.#freeBytes, textures: this.#textures };
  }

  /** Gives a texture for `size` elements in each layer, with undefined content. @throws MemoryError if memory is short. */
  acquire(size: number, format: Format, layers = 1): Block {
    const { maxTextureSize } = this.#context.capabilities;
    const { width, height, shift } = blockSize(size, maxTextureSize);
    if (height > maxTextureSize) {
      throw new MemoryError(
        `webgl: an array of ${size} elements does not fit into a texture: the limit here is ` +
          `${maxTextureSize}×${maxTextureSize} texels of 4, that is ${4 * maxTextureSize ** 2} elements`,
      );
    }
    const measures = { format, width, height, shift, layers };
    const block = this.#reuse(keyOf(measures)) ?? this.#create(measures);
    this.#usedBytes += bytesOf(block);
    return block;
  }

  /** Takes a texture back. */
  release(block: Block): void {
    const key = keyOf(block);
    const blocks = this.#free.get(key) ?? [];
    blocks.push(block);
    this.#free.delete(key);
    this.#free.set(key, blocks);
    this.#usedBytes -= bytesOf(block);
    this.#freeBytes += bytesOf(block);
    this.#trim(FREE_BYTES_LIMIT);
  }

  #reuse(key: string): Block | undefined {
    const block = this.#free.get(key)?.pop();
    if (block) this.#freeBytes -= bytesOf(block);
    return block;
  }

  #create(measures: Measures): Block {
    this.#keepWithinBudget(bytesOf(measures));
    const block = this.#tryCreate(measures);
    if (block) return block;
    this.onShortage(bytesOf(measures));
    this.#trim(0);
    const again = this.#tryCreate(measures);
    if (again) return again;
    throw new MemoryError(
      `webgl: the device has no room for a texture of ${measures.width}×${measures.height} texels ` +
        `(${bytesOf(measures)} bytes; ${this.#usedBytes} bytes are in use)`,
    );
  }

  #keepWithinBudget(bytes: number): void {
    const excess = this.#usedBytes + bytes - this.#budget;
    if (excess > 0) this.onShortage(excess);
    this.#trim(Math.max(0, this.#budget - this.#usedBytes - bytes));
  }

  #tryCreate(measures: Measures): Block | undefined {
    const { gl } = this.#context;
    const { format, width, height, layers } = measures;
    const texture = this.#context.createTexture(gl[format.internalFormat], width, height, layers);
    const framebuffer = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    const attachments = Array.from({ length: layers }, (_, layer) => gl.COLOR_ATTACHMENT0 + layer);
    attachments.forEach((attachment, layer) => {
      if (layers > 1) gl.framebufferTextureLayer(gl.FRAMEBUFFER, attachment, texture, 0, layer);
      else gl.framebufferTexture2D(gl.FRAMEBUFFER, attachment, gl.TEXTURE_2D, texture, 0);
    });
    gl.drawBuffers(attachments);
    if (this.#isRefused(measures)) {
      gl.deleteFramebuffer(framebuffer);
      gl.deleteTexture(texture);
      return undefined;
    }
    this.#textures++;
    return { ...measures, texture, framebuffer };
  }

  /**
   * Whether the driver had no memory for a new texture, which is bound with its framebuffer. The question waits for the GPU process, so
   * the pool asks for new textures alone.
   *
   * @throws as {@link Context.assertSound}: some drivers give up the whole context instead of one texture.
   */
  #isRefused(measures: Measures): boolean {
    const { width, height, layers, format } = measures;
    const { gl } = this.#context;
    const isComplete = gl.checkFramebufferStatus(gl.FRAMEBUFFER) === gl.FRAMEBUFFER_COMPLETE;
    const errors = takeErrors(gl);
    if (isComplete && errors.length === 0) return false;
    // A complete texture has its memory, so the error belongs to an earlier command.
    if (!isComplete && errors.includes('OUT_OF_MEMORY')) return true;
    const texture = `a texture of ${width}×${height}×${layers} texels of ${format.internalFormat} (${bytesOf(measures)} bytes)`;
    this.#context.assertSound(`alloc: while the driver made ${texture}`, false, errors);
    throw new DeviceError(`webgl: alloc: the driver cannot render to ${texture}`);
  }

  #trim(limit: number): void {
    const { gl } = this.#context;
    for (const [key, blocks] of this.#free) {
      while (this.#freeBytes > limit) {
        const block = blocks.shift();
        if (!block) break;
        gl.deleteFramebuffer(block.framebuffer);
        gl.deleteTexture(block.texture);
        this.#freeBytes -= bytesOf(block);
        this.#textures--;
      }
      if (blocks.length === 0) this.#free.delete(key);
      if (this.#freeBytes <= limit) return;
    }
  }
}
