/**
 * Storage: one block of device memory and its state. It knows how memory is freed, moved to the host and brought back; it does
 * not know what decides so (see `lifetime.ts` for scopes, `loose-arrays.ts` for arrays outside of them).
 *
 *     alloc ──▶ on the device ──moveToHost──▶ a host array, which the garbage collector sees
 *                 │      ▲                          │
 *                 │      └────────── use ───────────┘
 *                 └──▶ freed, or handed over: a later use throws
 */
import type { Backend, DType, Memory, TypedArray } from '../backends/backend.js';
import { MemoryError } from '../errors.js';
import type { LooseArrays } from './loose-arrays.js';

/** What a storage holds, for `np.memory()` and for the message of memory that ran out. */
export type Role = 'parameters' | 'gradients' | 'optimizerStates' | 'graphs' | 'arrays';

/** The function of a graph that made an array. `spent`: backward went through it. */
export interface Maker {
  readonly spent: boolean;
}

const ITEM_SIZES = { float64: 8, float32: 4, int32: 4, uint8: 1, bool: 1 } satisfies Record<DType, number>;

/** Why an array is gone that a scope freed. */
const BY_SCOPE =
  'use after free: this array was freed at the end of the scope it was made in; return it from the scope, ' +
  'reach it from the root of the scope, or keep(x) it';

const held: Record<Role, number> = { parameters: 0, gradients: 0, optimizerStates: 0, graphs: 0, arrays: 0 };
let live = 0;

/** The block of a storage and its share of {@link heldBytes}: what is left to free when nobody reaches the storage any more. */
interface Block {
  readonly backend: Backend;
  readonly memory: Memory;
  readonly bytes: number;
  role: Role;
}

const net = new FinalizationRegistry<Block>((block) => {
  forget(block);
  block.backend.free(block.memory);
});

function forget({ role, bytes }: Block): void {
  held[role] -= bytes;
  live--;
}

/** Gives up memory of a device that is short of it; returns whether there was any. Set by `loose-arrays.ts`. */
let reclaim: (backend: Backend) => boolean = () => false;
/** Adds to the error of a failed allocation who holds the memory. Set by programs that train; see `core/shortage.ts`. */
let explain: (error: MemoryError, backend: Backend) => MemoryError = (error) => error;

/** Says what is done when a device has no memory left. */
export function onShortage(options: { reclaim?: typeof reclaim; explain?: typeof explain }): void {
  reclaim = options.reclaim ?? reclaim;
  explain = options.explain ?? explain;
}

/** Memory for an array. `mayMove`: other arrays may move to the host for it, since no operation has looked up its operands yet. */
function allocate(backend: Backend, size: number, dtype: DType, mayMove: boolean): Memory {
  try {
    return backend.alloc(size, dtype);
  } catch (error) {
    if (!(error instanceof MemoryError)) throw error;
    if (mayMove && reclaim(backend)) return allocate(backend, size, dtype, false);
    throw explain(error, backend);
  }
}

/** One block of device memory and its state, shared by the arrays that are reshapes of one another. */
export class Storage {
  /** Null while the elements are on the host, and after they were freed. */
  #block: Block | null;
  #host: TypedArray | null = null;
  /** The list that moved it to the host. */
  #origin: LooseArrays | null = null;
  #onNet = false;
  #gone = BY_SCOPE;
  readonly #size: number;
  readonly #dtype: DType;
  #role: Role = 'arrays';
  /** The list of arrays outside scopes that it is in. */
  list: LooseArrays | null = null;
  /** The function that made it, for an array of a graph outside scopes. */
  maker: Maker | null = null;
  /** Whether it is a loss, or what a model's call gave: see `core/spent-graphs.ts`. */
  isResult = false;
  /** The optimizer whose update it outlived as a result, or as a part of a graph that waits for backward. */
  outlived: object | null = null;
  /** The sweep that last found this storage reachable. */
  mark = 0;
  /** Whether a user asked for it to be kept: only the garbage collector frees it. */
  kept = false;

  constructor(
    readonly backend: Backend,
    size: number,
    dtype: DType,
  ) {
    this.#size = size;
    this.#dtype = dtype;
    this.#block = this.#allocate(true);
  }

  /** The device's handle; brings the elements back if they are on the host. @throws MemoryError after the storage was freed. */
  get memory(): Memory {
    return (this.#block ?? this.#bringBack()).memory;
  }

  get freed(): boolean {
    return this.#block === null && this.#host === null;
  }

  get onNet(): boolean {
    return this.#onNet;
  }

  /** Bytes of the elements. */
  get bytes(): number {
    return this.#size * ITEM_SIZES[this.#dtype];
  }

  /** What it holds. */
  set role(role: Role) {
    this.#role = role;
    if (!this.#block) return;
    held[this.#block.role] -= this.#block.bytes;
    held[role] += this.#block.bytes;
    this.#block.role = role;
  }

  /** Leaves all scopes and lists: from now on only the garbage collector decides. */
  catchByNet(): void {
    this.list?.remove(this);
    this.maker = null;
    if (this.#onNet || this.freed) return;
    this.#onNet = true;
    if (this.#block) net.register(this, this.#block, this);
  }

  /** Stays on the device, since a parameter or the like owns it; in a scope, the scope decides as before. */
  settle(): void {
    if (this.list) this.catchByNet();
  }

  /** Frees the memory now; a second call does nothing. `why` is what a later use is told. */
  free(why = BY_SCOPE): void {
    const block = this.#block;
    this.#give(why);
    block?.backend.free(block.memory);
  }

  /** Gives the memory to the caller, who frees it; a later use of the array is told `why` it is gone. */
  handOver(why: string): Memory {
    const { memory } = this;
    this.#give(why);
    return memory;
  }

  /** Moves the elements to the host, where the garbage collector sees them even while a loop runs. A later use brings them back. */
  moveToHost(): void {
    const block = this.#block;
    if (!block) return;
    const host = block.backend.readSync(block.memory);
    const { list, maker } = this;
    this.#give(BY_SCOPE);
    this.#origin = list;
    this.maker = maker;
    this.#host = host;
    block.backend.free(block.memory);
  }

  #give(why: string): void {
    this.list?.remove(this);
    if (this.freed) return;
    this.maker = null;
    this.#host = null;
    this.#gone = why;
    if (!this.#block) return;
    if (this.#onNet) net.unregister(this);
    forget(this.#block);
    this.#block = null;
  }

  #allocate(mayMove: boolean): Block {
    const block = {
      backend: this.backend,
      memory: allocate(this.backend, this.#size, this.#dtype, mayMove),
      bytes: this.bytes,
      role: this.#role,
    };
    held[block.role] += block.bytes;
    live++;
    return block;
  }

  #bringBack(): Block {
    if (!this.#host) throw new MemoryError(this.#gone);
    const block = this.#allocate(false);
    this.backend.write(block.memory, this.#host);
    this.#block = block;
    this.#host = null;
    if (this.#onNet) net.register(this, block, this);
    else this.#origin?.takeBack(this);
    return block;
  }
}

/** The number of arrays on devices; reshapes of one storage count once. */
export function liveStorages(): number {
  return live;
}

/** Bytes of the arrays on devices, by what they hold. */
export function heldBytes(): Readonly<Record<Role, number>> {
  return held;
}
