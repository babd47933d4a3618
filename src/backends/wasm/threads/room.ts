/** Room for the records of a job's parts, beside those that the families write. */
import type { Heap } from '../heap.js';

/** As much as the machine has for one call: arguments, or two odometers and a row. */
const RECORD_BYTES = 4096;

/** Room for `parts` records. */
export class Room {
  readonly #heap: Heap;
  readonly #begin: number;

  constructor(heap: Heap, parts: number) {
    this.#heap = heap;
    this.#begin = heap.alloc(parts * RECORD_BYTES);
  }

  /** Where the record of a part begins. */
  at(part: number): number {
    return this.#begin + part * RECORD_BYTES;
  }

  free(): void {
    this.#heap.free(this.#begin);
  }
}
