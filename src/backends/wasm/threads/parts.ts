/**
 * Parts of a call whose arguments are a record: each has a copy of it, in which what the part computes is less, and a
 * workspace of its own. products.ts, convolutions.ts and winograd.ts know the records.
 */
import type { Heap } from '../heap.js';
import type { Room } from './room.js';
import type { KernelName, Team } from './team.js';
import type { Workspaces } from './workspaces.js';

/** Multiply-adds that are worth a part: some 20 µs. */
const WORTH = 1 << 19;

/** A record, and how it may be cut. */
export interface Division {
  readonly kernel: KernelName;
  readonly record: number;
  /** Words of the record. */
  readonly size: number;
  /** Words that are addresses in the workspace, from the first to the last, and the bytes that it takes. */
  readonly rooms: readonly [first: number, last: number];
  readonly begin: number;
  readonly bytes: number;
  /** How many there are of what is divided, in multiples of what; and multiply-adds of all of them. */
  readonly n: number;
  readonly unit: number;
  readonly work: number;
  /** Makes a copy of the record one for [first, first + count). */
  readonly change: (words: Int32Array, first: number, count: number) => void;
}

/** Moves an address on, unless it is 0 and stands for nothing. */
export const move = (words: Int32Array, word: number, bytes: number): void => {
  if (words[word] !== 0) words[word] += bytes;
};

/** Cuts calls for a team. */
export class Parts {
  readonly team: Team;
  readonly heap: Heap;
  readonly #room: Room;
  readonly #workspaces: Workspaces;

  constructor(team: Team, heap: Heap, room: Room, workspaces: Workspaces) {
    this.team = team;
    this.heap = heap;
    this.#room = room;
    this.#workspaces = workspaces;
  }

  /** The words of a record, which are those of this memory only until it grows. */
  words(record: number, size: number): Int32Array {
    return this.heap.i32.subarray(record >>> 2, (record >>> 2) + size);
  }

  /** Calls the kernel as it is. */
  whole(kernel: KernelName, record: number): void {
    this.team.run(kernel, [[record]]);
  }

  /** Calls the kernel in parts, as many as there are threads, where these are worth it. */
  run({ kernel, record, size, rooms: [firstRoom, lastRoom], begin, bytes, n, unit, work, change }: Division): void {
    const most = Math.min(this.team.size, Math.floor(work / WORTH), Math.ceil(n / unit));
    if (most < 2) {
      this.whole(kernel, record);
      return;
    }
    const each = Math.ceil(n / most / unit) * unit;
    const count = Math.ceil(n / each);
    // Differences of addresses beyond 2 GiB, as words have them, are right but for their sign.
    const stride = Math.ceil((bytes >>> 0) / 64) * 64;
    const workspaces = this.#workspaces.of((count - 1) * stride);
    const parts: number[][] = [];
    for (let part = 0; part < count; part++) {
      const at = this.#room.at(part);
      const words = this.words(at, size);
      words.set(this.words(record, size));
      const distance = part === 0 ? 0 : workspaces + (part - 1) * stride - begin;
      for (let word = firstRoom; word <= lastRoom; word++) words[word] += distance;
      change(words, part * each, Math.min(each, n - part * each));
      parts.push([at]);
    }
    this.team.run(kernel, parts);
  }
}
