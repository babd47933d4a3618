/**
 * Arrays that no scope owns. The garbage collector frees them, but it does not see device memory, and it runs no finalizers inside a
 * loop that never returns to the event loop. So only the newest of them stay on the device. The oldest move to host arrays, which the
 * collector sees and frees at any time; an array that is used after that comes back.
 *
 *     alloc ─▶ [ oldest … newest ]   over the limits: the older half moves to the host
 *
 * Knows neither what arrays are for nor when graphs end.
 */
import type { Backend } from '../backends/backend.js';
import { isGpu } from './inspection.js';
import { onShortage, type Storage } from './storage.js';

const FIRST_BYTES = 32 * 2 ** 20;
const FIRST_COUNT = 128;
/** However much comes back, the limits grow no further than this. */
const MOST_BYTES = 2 ** 30;
const MOST_COUNT = 4096;
/** So many of the newest stay whatever their size: the operands of the operation under way are among them. */
const ALWAYS = 16;

/** Counts jobs of the event loop, so that a loop that never awaits is told from a program that does. */
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
export class LooseArrays {
  readonly #storages = new Map<Storage, number>();
  readonly #keepsReturned: boolean;
  #bytes = 0;
  #maxBytes = FIRST_BYTES;
  #maxCount = FIRST_COUNT;

  /** @param keepsReturned whether an array that comes back stays in this list; otherwise the garbage collector has it alone. */
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

  /** Takes an array out that was freed, or that somebody owns from now on. */
  remove(storage: Storage): void {
    if (!this.#storages.delete(storage)) return;
    this.#bytes -= storage.bytes;
    storage.list = null;
  }

  /** An array came back from the host: the limits were too low. Nothing moves, since an operation is reading its operands. */
  takeBack(storage: Storage): void {
    this.#maxBytes = Math.min(this.#maxBytes + storage.bytes, MOST_BYTES);
    this.#maxCount = Math.min(this.#maxCount + 1, MOST_COUNT);
    if (this.#keepsReturned) this.#insert(storage);
    else storage.catchByNet();
  }

  /** Moves all arrays of a device to the host, where reading is possible. Returns whether there were any. */
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
    // A graph on a GPU waits for its update: to read it back would cost more than the step, and finalizers come too late.
    if (onGpu && this.#keepsReturned) [this.#maxBytes, this.#maxCount] = [MOST_BYTES, MOST_COUNT];
    this.#storages.set(storage, onGpu ? currentJob() : -1);
    this.#bytes += storage.bytes;
    storage.list = this;
  }

  #shrink(): void {
    for (const [storage, since] of this.#storages) {
      const enough = this.#bytes <= this.#maxBytes / 2 && this.#storages.size <= this.#maxCount / 2;
      if (enough || this.#storages.size <= ALWAYS) return;
      // Finalizers run between jobs. Reading from a GPU waits for it, so that is left to loops which never end their job.
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

/** Bytes of a single number, at most. */
export const SCALAR = 8;

/**
 * Gives up an array that its owner no longer needs: a loss that was replaced, a result of a graph that is gone. A user may still hold
 * it. Where reading costs only a copy, a single number moves to the host and stays readable; all else is freed, and a later use is
 * told `why`.
 */
export function retire(storage: Storage, why?: string): void {
  if (storage.bytes <= SCALAR && !isGpu(storage.backend)) storage.moveToHost();
  else storage.free(why);
}

/** Arrays that users and routines made outside scopes, and leaves' gradients. */
export const looseArrays = new LooseArrays(false);

/** What functions of graphs made outside scopes. */
export const graphArrays = new LooseArrays(true);

onShortage({
  reclaim: (backend) => {
    const loose = looseArrays.clear(backend);
    return graphArrays.clear(backend) || loose;
  },
});
