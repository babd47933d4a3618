/**
 * Storage: one block of device memory and its state. A storage can be freed, moved to the host and brought back. `lifetime.ts` decides
 * when for arrays in scopes, `loose-arrays.ts` for arrays outside of them.
 *
 *     alloc ──▶ on the device ──moveToHost──▶ a host array, which the garbage collector sees
 *                 │      ▲                          │
 *                 │      └────────── use ───────────┘
 *                 └──▶ freed, or handed over: a later use throws
 */

import type { Backend } from '../backends/backend.js';
import type { DType, Memory, TypedArray } from '../backends/primitives.js';
import { bytesOf } from '../backends/shapes.js';
import { MemoryError } from '../errors.js';

/** The use of a storage, for `np.memory()` and for errors when memory runs out. */
export type Role = 'parameters' | 'gradients' | 'optimizerStates' | 'graphs' | 'arrays';

/** The function of a graph that made an array. `spent`: backward went through it. */
export interface Maker {
  readonly spent: boolean;
}

/** An array's place in a graph that is recorded outside scopes: see `core/spent-graphs.ts`. */
export interface GraphPart {
  readonly maker: Maker;
  /** Whether the array is a loss, or the result of a model's call. */
  isResult: boolean;
  /** The optimizer whose update it outlived as a result, or as a part of a graph that waits for backward. */
  outlived: object | null;
}

/** The error for the use of an array that a scope freed. */
const BY_SCOPE =
  'use after free: this array was freed at the end of the scope it was made in; return it from the scope, ' +
  'reach it from the root of the scope, or keep(x) it';

/** The number of storages on devices, their bytes, and the bytes of those with a role. */
let live = 0;
let total = 0;
const withRole = { parameters: 0, gradients: 0, optimizerStates: 0, graphs: 0 };

/** The memory to free after the garbage collector has taken a storage. */
interface Orphan {
  readonly backend: Backend;
  readonly memory: Memory;
  readonly role: Role;
}

const net = new FinalizationRegistry<Orphan>(({ backend, memory, role }) => {
  discount(bytesOf(memory), role);
  backend.free(memory);
});

function discount(bytes: number, role: Role): void {
  live--;
  total -= bytes;
  if (role !== 'arrays') withRole[role] -= bytes;
}

/** Frees memory of a device that is short of it. Returns whether there was any to free. Set by `loose-arrays.ts`. */
let reclaim: (backend: Backend) => boolean = () => false;
/** Adds the holders of the memory to the error of a failed allocation. Programs that train set it; see `core/shortage.ts`. */
let explain: (error: MemoryError, backend: Backend) => MemoryError = (error) => error;

/** Sets the reactions to a device without free memory. */
export function onShortage(options: { reclaim?: typeof reclaim; explain?: typeof explain }): void {
  reclaim = options.reclaim ?? reclaim;
  explain = options.explain ?? explain;
}

/**
 * Memory for an array.
 *
 * @param mayMove whether other arrays may move to the host for it: not after an operation has looked up its operands' memory
 */
function allocate(backend: Backend, size: number, dtype: DType, mayMove: boolean): Memory {
  try {
    return backend.alloc(size, dtype);
  } catch (error) {
    if (!(error instanceof MemoryError)) throw error;
    if (mayMove && reclaim(backend)) return allocate(backend, size, dtype, false);
    throw explain(error, backend);
  }
}

/** A list that a storage is in; see `loose-arrays.ts`. */
export interface StorageList {
  /** Removes a storage that was freed, or that has an owner now. */
  remove(storage: Storage): void;
  /** Takes a storage back whose elements return from the host. */
  takeBack(storage: Storage): void;
}

/** The elements of a storage while they are on the host, and the list that moved them there. */
interface Away {
  readonly data: TypedArray;
  readonly dtype: DType;
  readonly from: StorageList | null;
}

/** One block of device memory and its state. Arrays that are reshapes of one another share a storage. */
export class Storage {
  /** Null while the elements are on the host, and after they were freed. */
  #memory: Memory | null;
  /** The elements on the host, or the reason why they are gone. */
  #away: Away | string = BY_SCOPE;
  #onNet = false;
  #role: Role = 'arrays';
  /** The list of loose arrays that the storage is in. */
  list: StorageList | null = null;
  /** The storage's place in a graph outside of scopes. */
  graph: GraphPart | null = null;
  /** The sweep that last found this storage reachable. */
  mark = 0;
  /** Whether a user called `keep`: then only the garbage collector frees the storage. */
  kept = false;
  /** Bytes of the elements. */
  readonly bytes: number;

  constructor(
    readonly backend: Backend,
    size: number,
    dtype: DType,
  ) {
    this.#memory = allocate(backend, size, dtype, true);
    this.bytes = bytesOf(this.#memory);
    live++;
    total += this.bytes;
  }

  /** The device memory. Brings the elements back if they are on the host. @throws MemoryError after the storage was freed. */
  get memory(): Memory {
    return this.#memory ?? this.#bringBack();
  }

  get freed(): boolean {
    return this.#memory === null && typeof this.#away === 'string';
  }

  get onNet(): boolean {
    return this.#onNet;
  }

  /** The use of the storage. */
  set role(role: Role) {
    if (this.#memory) {
      if (this.#role !== 'arrays') withRole[this.#role] -= this.bytes;
      if (role !== 'arrays') withRole[role] += this.bytes;
    }
    this.#role = role;
    if (this.#onNet) this.#register();
  }

  /** Makes the storage a part of the graph of `maker`. */
  join(maker: Maker): void {
    this.graph ??= { maker, isResult: false, outlived: null };
  }

  /** Lets an array of a graph outlive the next update. */
  markResult(): void {
    if (this.graph) this.graph.isResult = true;
  }

  /** Leaves all scopes and lists. After that, only the garbage collector frees the storage. */
  catchByNet(): void {
    this.list?.remove(this);
    this.graph = null;
    if (this.#onNet || this.freed) return;
    this.#onNet = true;
    this.#register();
  }

  /** Stays on the device, because an owner such as a parameter holds the storage. In a scope, the scope still decides. */
  settle(): void {
    if (this.list) this.catchByNet();
  }

  /** Frees the memory now. A second call does nothing. A later use throws an error with the text `why`. */
  free(why = BY_SCOPE): void {
    const memory = this.#give(why);
    if (memory) this.backend.free(memory);
  }

  /** Hands the memory over to the caller, who frees it. A later use of the array throws an error with the text `why`. */
  handOver(why: string): Memory {
    const { memory } = this;
    this.#give(why);
    return memory;
  }

  /** Moves the elements to the host, where the garbage collector sees them even during a loop. A later use brings them back. */
  moveToHost(): void {
    const { list, graph } = this;
    const memory = this.#memory;
    if (!memory) return;
    const data = this.backend.readSync(memory);
    this.#give(BY_SCOPE);
    this.#away = { data, dtype: memory.dtype, from: list };
    this.graph = graph;
    this.backend.free(memory);
  }

  #register(): void {
    net.unregister(this);
    if (this.#memory) net.register(this, { backend: this.backend, memory: this.#memory, role: this.#role }, this);
  }

  /** Forgets the elements. Returns their memory, if they are on the device. */
  #give(why: string): Memory | null {
    if (this.list) this.list.remove(this);
    const memory = this.#memory;
    if (memory) {
      if (this.#onNet) net.unregister(this);
      discount(this.bytes, this.#role);
    } else if (typeof this.#away === 'string') return null;
    this.#memory = null;
    this.#away = why;
    this.graph = null;
    return memory;
  }

  #bringBack(): Memory {
    if (typeof this.#away === 'string') throw new MemoryError(this.#away);
    const { data, dtype, from } = this.#away;
    const memory = allocate(this.backend, data.length, dtype, false);
    this.backend.write(memory, data);
    live++;
    total += this.bytes;
    if (this.#role !== 'arrays') withRole[this.#role] += this.bytes;
    this.#memory = memory;
    this.#away = BY_SCOPE;
    if (this.#onNet) this.#register();
    else from?.takeBack(this);
    return memory;
  }
}

/** The number of arrays on devices. Reshapes of one storage count once. */
export function liveStorages(): number {
  return live;
}

/** Bytes of the arrays on devices, by role. */
export function heldBytes(): Record<Role, number> {
  const { parameters, gradients, optimizerStates, graphs } = withRole;
  return { ...withRole, arrays: total - parameters - gradients - optimizerStates - graphs };
}
