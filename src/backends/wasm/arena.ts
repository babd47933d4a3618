/**
 * The memory that all prepared calls work in. They share one block, as large as the largest need, because no two calls
 * run at the same time.
 */
import type { Heap } from './heap.js';

/** One block of memory, as large as the largest need of its users. It is freed when it has none. */
export class Arena {
  readonly #heap: Heap;
  #users = 0;
  #bytes = 0;
  #address = 0;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** The first byte of the block. The block moves when it grows. */
  get address(): number {
    return this.#address;
  }

  /** Adds a user that needs `bytes` bytes. */
  retain(bytes: number): void {
    if (bytes > this.#bytes || this.#users === 0) {
      const address = this.#heap.alloc(bytes);
      if (this.#users > 0) this.#heap.free(this.#address);
      this.#address = address;
      this.#bytes = bytes;
    }
    this.#users++;
  }

  /** Takes a user away. */
  release(): void {
    if (--this.#users > 0) return;
    this.#heap.free(this.#address);
    this.#bytes = 0;
  }
}
