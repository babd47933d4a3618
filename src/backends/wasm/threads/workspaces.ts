/** Room for parts to work in, beside what a family took for the whole call: one block that grows and is kept. */
import type { Heap } from '../heap.js';

/** What most calls need, so that the block seldom grows. */
const INITIAL_BYTES = 1 << 20;

/** A block that holds the workspaces of one job after the other. */
export class Workspaces {
  readonly #heap: Heap;
  #bytes = INITIAL_BYTES;
  #begin: number;

  constructor(heap: Heap) {
    this.#heap = heap;
    this.#begin = heap.alloc(this.#bytes);
  }

  /** Where so many bytes begin, until the next call. What was there is lost. */
  of(bytes: number): number {
    if (bytes > this.#bytes) {
      const begin = this.#heap.alloc(bytes);
      this.#heap.free(this.#begin);
      this.#begin = begin;
      this.#bytes = bytes;
    }
    return this.#begin;
  }

  free(): void {
    this.#heap.free(this.#begin);
  }
}
