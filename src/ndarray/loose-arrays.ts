/**
 * Loose arrays: arrays that no scope owns. The garbage collector frees them, but it does not see device memory, and it runs no
 * finalizers inside a loop that never returns to the event loop. So only the newest of them stay on the device. The oldest move to
 * host arrays, which the collector sees and frees at any time. A later use brings an array back.
 *
 *     alloc ─▶ [ oldest … newest ]   over the limits: the older half moves to the host
 */
import type { Backend } from '../backends/backend.js';
import { isGpu } from './inspection.js';
import { onShortage, type Storage, type StorageList } from './storage.js';

const FIRST_BYTES = 32 * 2 ** 20;
const FIRST_COUNT = 128;
/** The largest limits. They grow towards these when arrays come back. */
const MOST_BYTES = 2 ** 30;
const MOST_COUNT = 4096;
/** The number of newest arrays that always stay: the operands of the current operation are among them. */
const ALWAYS = 16;

/** Counts jobs of the event loop, to tell a loop that never awaits from a program that does. */
let job = 0;
let watching = false;
function currentJob(): number {
  if (!watching) {
    watching = true;
    Promise.resolve().then(() => {
      watching = false;
      job++;
    });
  }
  return job;
}

/** The arrays of one kind outside scopes, oldest first. */
export class LooseArrays implements StorageList {
  readonly #storages = new Map<Storage, number>();
  readonly #keepsReturned: boolean;
  #bytes = 0;
  #maxBytes = FIRST_BYTES;
  #maxCount = FIRST_COUNT;

  /** @param keepsReturned whether an array that comes back stays in this list; otherwise only the garbage collector frees it */
  constructor(keepsReturned: boolean) {
    this.#keepsReturned = keepsReturned;
  }

  get size(): number {
    return this.#storages.size;
  }

  [Symbol.iterator](): IterableIterator<Storage> {
    return this.#storages.keys();
  }

  /** Adds the newest array. */
  add(storage: Storage): void {
    this.#insert(storage);
    if (this.#bytes > this.#maxBytes || this.#storages.size > this.#maxCount) this.#shrink();
  }

  /** Removes an array that was freed or that has an owner now. */
  remove(storage: Storage): void {
    if (!this.#storages.delete(storage)) return;
    this.#bytes -= storage.bytes;
    storage.list = null;
  }

  /** Takes an array back from the host, and raises the limits, which were too low. Moves nothing: an operation reads its operands. */
  takeBack(storage: Storage): void {
    this.#maxBytes = Math.min(this.#maxBytes + storage.bytes, MOST_BYTES);
    this.#maxCount = Math.min(this.#maxCount + 1, MOST_COUNT);
    if (this.#keepsReturned) this.#insert(storage);
    else storage.catchByNet();
  }

  /** Moves all arrays of a device to the host, if they can be read. Returns whether there were any. */
  clear(backend: Backend): boolean {
    let any = false;
    for (const storage of this.#storages.keys()) {
      if (storage.backend !== backend) continue;
      any = true;
      this.#release(storage);
    }
    return any;
  }

  #insert(storage: Storage): void {
    const onGpu = isGpu(storage.backend);
    // A graph on a GPU stays until its update: reading it back costs more than the step, and finalizers come too late.
    if (onGpu && this.#keepsReturned) [this.#maxBytes, this.#maxCount] = [MOST_BYTES, MOST_COUNT];
    this.#storages.set(storage, onGpu ? currentJob() : -1);
    this.#bytes += storage.bytes;
    storage.list = this;
  }

  #shrink(): void {
    for (const [storage, since] of this.#storages) {
      const enough = this.#bytes <= this.#maxBytes / 2 && this.#storages.size <= this.#maxCount / 2;
      if (enough || this.#storages.size <= ALWAYS) return;
      // Finalizers run between jobs. Reading stalls a GPU, so it is done only in loops that never end their job.
      if (since >= 0 && since < job) storage.catchByNet();
      else this.#release(storage);
    }
  }

  #release(storage: Storage): void {
    try {
      storage.moveToHost();
    } catch {
      storage.catchByNet(); // the device is lost, and its arrays with it
    }
  }
}

/** The most bytes of a single number. */
export const SCALAR = 8;

/**
 * Gives up an array that its owner no longer needs, such as a replaced loss or the result of a graph that is gone. A user may still
 * hold it. A single number moves to the host and stays readable, unless it is on a GPU. Another array is freed, and a later use
 * throws an error with the text `why`.
 */
export function retire(storage: Storage, why?: string): void {
  if (storage.bytes <= SCALAR && !isGpu(storage.backend)) storage.moveToHost();
  else storage.free(why);
}

/** Loose arrays that users and routines made, and gradients of leaves. */
export const looseArrays = new LooseArrays(false);

/** Loose arrays that functions of graphs made. */
export const graphArrays = new LooseArrays(true);

onShortage({
  reclaim: (backend) => {
    const loose = looseArrays.clear(backend);
    return graphArrays.clear(backend) || loose;
  },
});
