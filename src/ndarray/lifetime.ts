/**
 * Who is alive. Engines cannot see wasm or texture bytes and run no finalizers inside a synchronous loop, so memory is
 * freed by scopes: all that was allocated inside one and is neither returned nor reachable from its root is freed at
 * its end. A FinalizationRegistry is the net below, for arrays that no scope owns.
 *
 *   frame  ┌ a b c d e ┐   end of scope: b is reachable from the root, d is in the result
 *          └───────────┘   → a, c, e are freed; b, d move to the enclosing frame, or to the net if there is none
 *
 * What an outermost scope leaves with its root, such as the gradients of a model, is freed at the end of a later scope of
 * that root that finds it replaced. Otherwise a training loop would leave a model's size of garbage behind in every step.
 *
 * This file knows nothing of arrays' shapes, of Variables or of links: what an object keeps alive it says itself, by
 * the method {@link reach}.
 */
import type { Backend, DType, Memory } from '../backends/backend.js';
import { GraphError, MemoryError } from '../errors.js';

/** The method by which an object names what it keeps alive: it calls `visit` with each such value. */
export const reach = Symbol('reach');

/** An object that keeps arrays alive. */
export interface Reaching {
  /** @internal */
  [reach](visit: (value: unknown) => void): void;
}

let frame: Storage[] | null = null;
let epoch = 0;
let live = 0;

/** What outermost scopes left with each root. */
const held = new WeakMap<object, readonly Storage[]>();

const net = new FinalizationRegistry<{ backend: Backend; memory: Memory }>(({ backend, memory }) => {
  backend.free(memory);
  live--;
});

/** What the use of a freed array is told. */
const FREED =
  'use after free: this array was freed at the end of the scope it was made in; return it from the scope, ' +
  'reach it from the root of the scope, or keep(x) it';

/** One block of device memory and its state, shared by the arrays that are reshapes of one another. */
export class Storage {
  #memory: Memory | null;
  #onNet = false;
  #gone = FREED;
  /** The sweep that last found this storage reachable. */
  mark = 0;
  /** Whether a user asked for it to be kept: only the garbage collector frees it. */
  kept = false;

  constructor(
    readonly backend: Backend,
    size: number,
    dtype: DType,
  ) {
    this.#memory = backend.alloc(size, dtype);
    live++;
    if (frame) frame.push(this);
    else this.catchByNet();
  }

  /** @throws MemoryError after the storage was freed. */
  get memory(): Memory {
    if (this.#memory === null) throw new MemoryError(this.#gone);
    return this.#memory;
  }

  get freed(): boolean {
    return this.#memory === null;
  }

  get onNet(): boolean {
    return this.#onNet;
  }

  /** Leaves all scopes: from now on only the garbage collector decides. */
  catchByNet(): void {
    if (this.#onNet || this.#memory === null) return;
    this.#onNet = true;
    net.register(this, { backend: this.backend, memory: this.#memory }, this);
  }

  /** Frees the memory now; a second call does nothing. */
  free(): void {
    if (this.#memory === null) return;
    const memory = this.#memory;
    this.handOver(this.#gone);
    this.backend.free(memory);
  }

  /** Gives the memory to the caller, who frees it; a later use of the array is told `why` it is gone. */
  handOver(why: string): Memory {
    const { memory } = this;
    if (this.#onNet) net.unregister(this);
    this.#memory = null;
    this.#gone = why;
    live--;
    return memory;
  }
}

/** Calls `found` once for each Storage that `root` keeps alive. */
function visitStorages(root: unknown, found: (storage: Storage) => void): void {
  const seen = new Set<unknown>();
  // An explicit stack: a graph of a thousand functions is deeper than a JavaScript stack likes.
  const pending: unknown[] = [];
  const visit = (value: unknown) => {
    if (isObject(value)) pending.push(value);
  };
  visit(root);
  while (pending.length > 0) {
    const value = pending.pop() as object;
    if (value instanceof Storage) {
      found(value);
      continue;
    }
    if (seen.has(value)) continue;
    seen.add(value);
    if (reach in value) (value as Reaching)[reach](visit);
    else if (Array.isArray(value) || value instanceof Set) for (const item of value) visit(item);
    else if (value instanceof Map) for (const item of value.values()) visit(item);
    else if (typeof value === 'object' && !ArrayBuffer.isView(value))
      for (const item of Object.values(value)) visit(item);
  }
}

function closeFrame(parent: Storage[] | null, root: unknown, others: readonly unknown[]): void {
  const closing = frame ?? [];
  frame = parent;
  const owner = parent === null && isObject(root) ? root : null;
  const heldBefore = (owner && held.get(owner)) ?? [];
  if (closing.length === 0 && heldBefore.length === 0) return;
  const byRoot = ++epoch;
  visitStorages(root, (storage) => {
    storage.mark = byRoot;
  });
  const byOthers = ++epoch;
  visitStorages(others, (storage) => {
    if (storage.mark !== byRoot) storage.mark = byOthers;
  });
  const left: Storage[] = [];
  for (const storage of heldBefore) {
    if (storage.freed || storage.kept) continue;
    if (storage.mark < byRoot) storage.free();
    else left.push(storage);
  }
  for (const storage of closing) {
    if (storage.freed || storage.onNet) continue;
    if (storage.mark < byRoot) storage.free();
    else if (parent) parent.push(storage);
    else {
      storage.catchByNet();
      if (storage.mark === byRoot) left.push(storage);
    }
  }
  if (owner) held.set(owner, left);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * Runs `fn`, then frees every array allocated inside that is neither reachable from `root` nor from what `fn` returned.
 * `root` is whatever should stay whole: a link, an optimizer, an array, a Variable, or a list of such; a link keeps
 * its parameters, their gradients and the values of its fields. A returned Variable keeps the graph behind it.
 * Nested scopes hand survivors outwards. When `fn` throws, all but what `root` reaches is freed. What an outermost scope
 * left with `root` is freed when a later scope of `root` ends and finds it no longer there.
 *
 * Without `fn` it returns a disposable: `using _ = scope(model);` sweeps at the end of the block.
 *
 * @throws GraphError if `fn` returns a promise: a scope is synchronous.
 */
export function scope<T>(root: unknown, fn: () => T): T;
export function scope(root: unknown): Disposable;
export function scope<T>(root: unknown, fn?: () => T): T | Disposable {
  const parent = frame;
  frame = [];
  if (!fn) return { [Symbol.dispose]: () => closeFrame(parent, root, []) };
  let result: T;
  try {
    result = fn();
  } catch (error) {
    closeFrame(parent, root, []);
    throw error;
  }
  if (result instanceof Promise) {
    closeFrame(parent, root, []);
    throw new GraphError('scope: the function returned a promise, but scopes are synchronous: await outside of it');
  }
  closeFrame(parent, root, [result]);
  return result;
}

/**
 * Runs `fn` and frees what it allocated beyond its results and what `fields` reach: the temporaries of one operation.
 * `fields` is asked only where there are any, so that an operation without temporaries pays nothing.
 */
export function freeTemporaries<T extends readonly unknown[]>(fn: () => T, fields: () => readonly unknown[]): T {
  const parent = frame;
  frame = [];
  let results: T;
  try {
    results = fn();
  } catch (error) {
    closeFrame(parent, null, []);
    throw error;
  }
  if (frame.length > results.length) closeFrame(parent, null, [results, fields()]);
  else {
    const survivors = frame;
    frame = parent;
    for (const storage of survivors) {
      if (storage.freed || storage.onNet) continue;
      if (parent) parent.push(storage);
      else storage.catchByNet();
    }
  }
  return results;
}

/**
 * Takes the arrays reachable from `value` out of all scopes: they live until they are garbage. Returns `value`.
 */
export function keep<T>(value: T): T {
  visitStorages(value, (storage) => {
    storage.kept = true;
    storage.catchByNet();
  });
  return value;
}

/**
 * Frees every array reachable from `value` now, except those that `kept` reaches. For owners that know who else may hold a
 * value, such as a training loop.
 */
export function release(value: unknown, kept: unknown = null): void {
  const now = ++epoch;
  visitStorages(kept, (storage) => {
    storage.mark = now;
  });
  visitStorages(value, (storage) => {
    if (storage.mark !== now) storage.free();
  });
}

/** The storages that `root` keeps alive. */
export function storagesOf(root: unknown): Set<Storage> {
  const storages = new Set<Storage>();
  visitStorages(root, (storage) => storages.add(storage));
  return storages;
}

/** The number of storages not yet freed. */
export function liveStorages(): number {
  return live;
}
