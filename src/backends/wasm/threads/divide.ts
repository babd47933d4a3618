/**
 * A kernel table whose entries cut each call into shares for a team of threads. It has the interface of the table that it
 * replaces. A call with little work is not cut. No cut changes the order of a sum, so the results have the same bits as those of
 * one thread.
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

/** The fewest multiply-adds of a share: about 20 µs of work. */
const WORTH = 1 << 19;

/** Kernels that cut their calls. */
export interface DividedKernels {
  readonly kernels: Kernels;
  /** Frees the memory of the shares. The kernels must not run afterwards. */
  free(): void;
}

/** The table `kernels`, with each kernel that has a cut replaced by one that cuts its calls. */
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

/** The kernels whose arguments are a record. */
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
   * A kernel that cuts its calls into at most one share for each thread. It returns the bytes of a workspace if the record has
   * none, and otherwise 0.
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

  /** Writes a record for each share of a call, and returns their addresses. Returns none if the call is not worth a cut. */
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
  #place(shares: readonly number[], { kernel, query = kernel, workspace }: Divisible): void {
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

  /** The words of a record: a view of the memory, which is valid until the memory grows. */
  #words(record: number, words: number): Int32Array {
    return this.#heap.i32.subarray(record >>> 2, (record >>> 2) + words);
  }
}
