/** The memory of a job's shares: a record for each, and their workspaces in one block that grows and is kept. */
import type { Heap } from '../heap.js';
import { MOST_PARTS } from './protocol.js';

/** Bytes of a record, at most. */
const RECORD_BYTES = 256;

/** Bytes of workspaces that most jobs need, so that the block seldom grows. */
const INITIAL_BYTES = 1 << 20;

/** Records and workspaces for one job after the other. */
export class ShareMemory {
  readonly #heap: Heap;
  readonly #records: number;
  #bytes = INITIAL_BYTES;
  #workspaces: number;

  constructor(heap: Heap) {
    this.#heap = heap;
    this.#records = heap.alloc(MOST_PARTS * RECORD_BYTES);
    try {
      this.#workspaces = heap.alloc(this.#bytes);
    } catch (error) {
      heap.free(this.#records);
      throw error;
    }
  }

  /** Where the record of a share begins. */
  record(share: number): number {
    return this.#records + share * RECORD_BYTES;
  }

  /** Where a block of so many bytes begins, until the next call. Its content is undefined. */
  workspaces(bytes: number): number {
    if (bytes > this.#bytes) {
      const begin = this.#heap.alloc(bytes);
      this.#heap.free(this.#workspaces);
      this.#workspaces = begin;
      this.#bytes = bytes;
    }
    return this.#workspaces;
  }

  free(): void {
    this.#heap.free(this.#records);
    this.#heap.free(this.#workspaces);
  }
}
