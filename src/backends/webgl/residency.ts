/**
 * Decides which arrays are in textures and which on the host. If textures would exceed the budget, or the driver has no more memory, the
 * arrays that were unused for the longest time move to the host. They get a texture again at their next use. After a loss of the
 * context, arrays with a copy on the host come back.
 *
 *     texture ──page out──▶ host copy ──use──▶ texture, and the copy while no kernel changes the values
 *        └──context lost──▶ host copy, or lost
 */

import { DeviceLostError, MemoryError } from '../../errors.js';
import type { Memory, TypedArray } from '../primitives.js';
import type { Context } from './context.js';
import { download, downloadSync, upload } from './readback.js';
import { TextureMemory, type WebglDType } from './storage.js';
import type { TexturePool } from './texture-pool.js';

export class Residency {
  readonly #context: Context;
  readonly #pool: TexturePool;
  readonly #keepWritten: boolean;
  /** All arrays, in the order of their last use. */
  readonly #live = new Set<TextureMemory>();
  /** The arrays that the current primitive uses. */
  readonly #pinned = new Set<TextureMemory>();
  #bytes = 0;
  #pagedBytes = 0;

  /** @param keepWritten whether an array that the host writes keeps a host copy until a kernel changes the array */
  constructor(context: Context, pool: TexturePool, keepWritten: boolean) {
    this.#context = context;
    this.#pool = pool;
    this.#keepWritten = keepWritten;
    pool.onShortage = (bytes) => this.#pageOut(bytes);
  }

  /** Bytes of all arrays, the number of arrays, and the bytes that are on the host alone. */
  get stats(): { bytes: number; blocks: number; paged: number } {
    return { bytes: this.#bytes, blocks: this.#live.size, paged: this.#pagedBytes };
  }

  alloc(size: number, dtype: WebglDType): TextureMemory {
    const memory = new TextureMemory(dtype, size, this.#pool.acquire(size, this.#pool.formats[dtype]));
    this.#live.add(memory);
    this.#bytes += memory.bytes;
    return memory;
  }

  free(handle: Memory): void {
    const memory = this.#owned(handle, 'free');
    this.#live.delete(memory);
    this.#bytes -= memory.bytes;
    if (memory.resident) this.#pool.release(memory.block);
    else if (memory.copy) this.#pagedBytes -= memory.bytes;
  }

  /** Finds the array, and gives it a texture, which it keeps until {@link unpin}. */
  use(handle: Memory, operation: string): TextureMemory {
    const memory = this.#owned(handle, operation);
    this.#pin(memory);
    if (memory.resident) return memory;
    const data = this.#copyOf(memory, operation);
    this.#bringBack(memory);
    upload(this.#context, memory, data);
    return memory;
  }

  /** As {@link use}, for an array whose values are about to be replaced as a whole. */
  useToOverwrite(handle: Memory, operation: string): TextureMemory {
    const memory = this.#owned(handle, operation);
    this.#pin(memory);
    if (memory.resident) return memory;
    this.#bringBack(memory);
    memory.isHollow = true;
    return memory;
  }

  /** Whether the values are in a texture or on the host, and not lost. */
  has({ resident, copy }: TextureMemory): boolean {
    return resident || copy !== null;
  }

  /** Ends the use of the current primitive's arrays. An output that the primitive did not overwrite goes back to the host. */
  unpin(): void {
    for (const memory of this.#pinned) if (memory.isHollow) this.#empty(memory);
    this.#pinned.clear();
  }

  write(handle: Memory, data: TypedArray): void {
    const memory = this.useToOverwrite(handle, 'write');
    upload(this.#context, memory, data);
    memory.changed();
    if (this.#keepWritten) memory.copy = data.slice();
  }

  async read(handle: Memory): Promise<TypedArray> {
    const memory = this.#owned(handle, 'read');
    const known = this.#known(memory);
    if (known) return known;
    this.#assertResident(memory, 'read');
    return download(this.#context, memory);
  }

  readSync(handle: Memory): TypedArray {
    const memory = this.#owned(handle, 'readSync');
    const known = this.#known(memory);
    if (known) return known;
    this.#assertResident(memory, 'readSync');
    return downloadSync(this.#context, memory);
  }

  /**
   * Reads the values of several arrays and keeps them for a loss of the context. If one array cannot be read, all keep their earlier
   * values: values that come back belong to one point in time.
   */
  async keepCopies(handles: readonly Memory[]): Promise<void> {
    const memories = handles.map((handle) => this.#owned(handle, 'keepHostCopy'));
    const values = await Promise.all(memories.map((memory) => memory.copy ?? this.read(memory)));
    for (const [i, memory] of memories.entries()) memory.kept = values[i];
  }

  /** Forgets all textures, after the context was restored without them. */
  forgetTextures(): void {
    this.#pagedBytes = 0;
    for (const memory of this.#live) {
      memory.evict();
      // Kept values also replace the copies of arrays on the host: all come back from one point in time.
      memory.copy = memory.kept ?? memory.copy;
      if (memory.copy) this.#pagedBytes += memory.bytes;
    }
  }

  /** Frees all textures after a command failed: nothing may use their values any more. */
  giveUpTextures(): void {
    for (const memory of this.#live) if (memory.resident) this.#pool.release(memory.block);
    this.forgetTextures();
  }

  /** Verifies that every array lies within its texture. @throws MemoryError */
  verifyReach(operation: string): void {
    for (const memory of this.#live) {
      if (!memory.resident) continue;
      const { width, height, shift } = memory.block;
      if (width === 2 ** shift && memory.size <= 4 * width * height) continue;
      throw new MemoryError(
        `webgl: ${operation}: an array of ${memory.size} elements of ${memory.dtype} reaches beyond its texture of ` +
          `${width}×${height} texels of 4`,
      );
    }
  }

  /** A new copy of the values, if they are on the host. */
  #known({ copy }: TextureMemory): TypedArray | undefined {
    return copy?.slice();
  }

  #copyOf(memory: TextureMemory, operation: string): TypedArray {
    if (memory.copy) return memory.copy;
    throw new DeviceLostError(
      `webgl: ${operation}: ${memory.size} elements of ${memory.dtype} were lost with the WebGL2 context or given up after a ` +
        "failed command, and the host had no copy of them; keepHostCopy(x) or init({ device: 'webgl', keepWritten: true }) keeps one",
    );
  }

  #assertResident(memory: TextureMemory, operation: string): void {
    this.#context.assertAlive(operation);
    if (!memory.resident) this.#copyOf(memory, operation);
  }

  #bringBack(memory: TextureMemory): void {
    memory.block = this.#pool.acquire(memory.size, this.#pool.formats[memory.dtype]);
    if (memory.copy) this.#pagedBytes -= memory.bytes;
  }

  #empty(memory: TextureMemory): void {
    memory.isHollow = false;
    if (!memory.resident) return;
    this.#pool.release(memory.block);
    memory.evict();
    if (memory.copy) this.#pagedBytes += memory.bytes;
  }

  /** Moves arrays to the host until textures of `bytes` bytes are free, or all others are in use. */
  #pageOut(bytes: number): void {
    let released = 0;
    for (const memory of this.#live) {
      if (released >= bytes) return;
      if (!memory.resident || this.#pinned.has(memory)) continue;
      const data = memory.copy ?? downloadSync(this.#context, memory);
      this.#pool.release(memory.block);
      memory.evict();
      memory.copy = data;
      this.#pagedBytes += memory.bytes;
      released += memory.bytes;
    }
  }

  #pin(memory: TextureMemory): void {
    this.#pinned.add(memory);
    this.#live.delete(memory);
    this.#live.add(memory);
  }

  /** The texture memory behind an opaque handle. @throws MemoryError for a handle of another device, or a freed one. */
  #owned(memory: Memory, operation: string): TextureMemory {
    if (memory instanceof TextureMemory && this.#live.has(memory)) return memory;
    throw new MemoryError(
      `webgl: ${operation}: ${memory.size} elements of ${memory.dtype} are not in this device's memory; ` +
        'they were freed, or live on another device',
    );
  }
}
