/**
 * A kernel table whose entries split each call across a team of threads. The families that call it need not know. Work that
 * is too small stays with the caller. No division changes the order of a sum, so results are those of one thread to the
 * last bit.
 */
import type { Cut } from '../calls/cut.js';
import { DIVISIBLE, type Divisible } from '../calls/cuts.js';
import type { Heap } from '../heap.js';
import type { Kernels } from '../loader.js';
import type { Blocking } from '../machine.js';
import { dividePlanes } from './planes.js';
import { divideRanges } from './ranges.js';
import { ShareMemory } from './share-memory.js';
import type { Team } from './team.js';

/** Multiply-adds that are worth a thread: some 20 µs. */
const WORTH = 1 << 19;

/** Kernels that divide their calls, and the end of the memory that they need for it. */
export interface DividedKernels {
  readonly kernels: Kernels;
  free(): void;
}

/** Kernels that divide what they can, and compute the rest as `kernels` do. */
export function divideKernels(kernels: Kernels, team: Team, heap: Heap, blocking: Blocking): DividedKernels {
  const memory = new ShareMemory(heap);
  const calls = new DividedCalls(kernels, team, heap, blocking, memory);
  return {
    kernels: {
      ...kernels,
      ...divideRanges(team),
      ...dividePlanes(team, heap, memory),
      ...Object.fromEntries(DIVISIBLE.map((divisible) => [divisible.kernel, calls.divided(divisible)])),
    },
    free: () => memory.free(),
  };
}

/** Kernels whose arguments are a record, divided. */
class DividedCalls {
  readonly #kernels: Kernels;
  readonly #team: Team;
  readonly #heap: Heap;
  readonly #blocking: Blocking;
  readonly #memory: ShareMemory;

  constructor(kernels: Kernels, team: Team, heap: Heap, blocking: Blocking, memory: ShareMemory) {
    this.#kernels = kernels;
    this.#team = team;
    this.#heap = heap;
    this.#blocking = blocking;
    this.#memory = memory;
  }

  /**
   * A kernel that cuts its calls into as many shares as there are threads, where these are worth it. It gives the bytes of a
   * workspace only if it is asked for them.
   */
  divided(divisible: Divisible): (record: number) => number {
    const { kernel, words, workspace, cut } = divisible;
    const compute = this.#kernels[kernel] as (record: number) => number;
    return (record) => {
      const whole = this.#words(record, words);
      // A record without a workspace asks for its size.
      if (this.#team.size === 1 || whole[workspace] === 0) return compute(record);
      const division = cut(whole, { threads: this.#team.size, blocking: this.#blocking });
      const shares = division ? this.#share(record, words, division) : [];
      if (shares.length < 2) return compute(record);
      this.#place(shares, divisible);
      this.#team.run(
        kernel,
        shares.map((share) => [share]),
      );
      return 0;
    };
  }

  /** Writes the records of the shares of a call: none where the call stays whole. */
  #share(record: number, words: number, { n, unit, work, take }: Cut): number[] {
    const most = Math.min(this.#team.size, Math.floor(work / WORTH), Math.ceil(n / unit));
    const each = Math.ceil(n / most / unit) * unit;
    const shares: number[] = [];
    for (let first = 0; most > 1 && first < n; first += each) {
      const share = this.#memory.record(shares.length);
      const copy = this.#words(share, words);
      copy.set(this.#words(record, words));
      take(copy, first, Math.min(each, n - first));
      shares.push(share);
    }
    return shares;
  }

  /** Gives each share a workspace of its own. */
  #place(shares: readonly number[], { query, workspace }: Divisible): void {
    const sizes = shares.map((share) => {
      this.#heap.u32[(share >>> 2) + workspace] = 0;
      return Number(this.#kernels[query](share)) >>> 0;
    });
    let at = this.#memory.workspaces(sizes.reduce((sum, bytes) => sum + bytes, 0));
    for (let i = 0; i < shares.length; i++) {
      this.#heap.u32[(shares[i] >>> 2) + workspace] = at;
      at += sizes[i];
    }
  }

  /** The words of a record. The view is one of the memory until it grows. */
  #words(record: number, words: number): Int32Array {
    return this.#heap.i32.subarray(record >>> 2, (record >>> 2) + words);
  }
}
