/** The memory of a job's shares: a record for each of them, and one block for all their workspaces. Later jobs reuse it. */
import { Convolution, Gemm, Windows, Winograd } from '../generated/records.js';
import type { Heap } from '../heap.js';
import { MOST_SHARES } from './protocol.js';

/** Bytes from one record to the next: room for the longest, in whole cache lines, since each thread reads its own record. */
const RECORD_BYTES = Math.ceil(Math.max(Convolution.bytes, Gemm.bytes, Windows.bytes, Winograd.bytes) / 64) * 64;

/** Initial bytes of the block of workspaces. Few jobs need more. */
const INITIAL_BYTES = 1 << 20;

/** The records and workspaces of the current job. */
export class ShareMemory {
  readonly #heap: Heap;
  readonly #records: number;
  #bytes = INITIAL_BYTES;
  #workspaces: number;

  constructor(heap: Heap) {
    this.#heap = heap;
    this.#records = heap.alloc(MOST_SHARES * RECORD_BYTES);
    try {
      this.#workspaces = heap.alloc(this.#bytes);
    } catch (error) {
      heap.free(this.#records);
      throw error;
    }
  }

  /** The address of a share's record. */
  record(share: number): number {
    return this.#records + share * RECORD_BYTES;
  }

  /** The address of a block of `bytes` bytes for workspaces. It is valid until the next call, and its content is undefined. */
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
