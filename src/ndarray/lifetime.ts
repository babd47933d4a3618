/**
 * Scopes. Engines do not see the bytes of wasm memory and textures, and run no finalizers inside a synchronous loop. So scopes free
 * memory: at its end, a scope frees every array that was allocated inside, unless the array is returned or reachable from the
 * scope's root. A FinalizationRegistry is the safety net for arrays outside of scopes.
 *
 *   frame  ┌ a b c d e ┐   end of scope: b is reachable from the root, d is in the result
 *          └───────────┘   → a, c, e are freed; b, d move to the enclosing frame, or to the net if there is none
 *
 * An outermost scope leaves arrays with its root, such as the gradients of a model. A later scope of that root frees them if the root
 * no longer reaches them. Otherwise each step of a training loop would leave garbage as large as the model.
 */
import type { Backend } from '../backends/backend.js';
import type { DType } from '../backends/primitives.js';
import { GraphError } from '../errors.js';
import { graphArrays, looseArrays, retire } from './loose-arrays.js';
import { type Maker, Storage } from './storage.js';

/** The method by which an object names the values that it keeps alive: it calls `visit` with each of them. */
export const reach = Symbol('reach');

/** An object that keeps arrays alive. */
export interface Reaching {
  /** @internal */
  [reach](visit: (value: unknown) => void): void;
}

let frame: Storage[] | null = null;
let epoch = 0;
/** Whether the innermost scope is that of {@link freeUnreached}. */
let composing = false;

/** The storages that outermost scopes left with each root. */
const held = new WeakMap<object, readonly Storage[]>();

/** A new storage, which belongs to the current scope, or to none. */
export function allocateStorage(backend: Backend, size: number, dtype: DType): Storage {
  const storage = new Storage(backend, size, dtype);
  if (frame) frame.push(storage);
  else looseArrays.add(storage);
  return storage;
}

/** Whether no scope is open. */
export function outsideScopes(): boolean {
  return frame === null;
}

/** Calls `found` once with each Storage that `root` keeps alive. */
function visitStorages(root: unknown, found: (storage: Storage) => void): void {
  const seen = new Set<unknown>();
  // An explicit stack: a graph of a thousand functions is too deep for recursion.
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

/** Marks the storages that `root` keeps alive, and those that only `others` keep alive. Returns the two marks, the newest so far. */
export function markReachable(root: unknown, others: readonly unknown[]): [byRoot: number, byOthers: number] {
  const byRoot = ++epoch;
  visitStorages(root, (storage) => {
    storage.mark = byRoot;
  });
  const byOthers = ++epoch;
  visitStorages(others, (storage) => {
    if (storage.mark !== byRoot) storage.mark = byOthers;
  });
  return [byRoot, byOthers];
}

/** The error for an array that a function neither returned nor saved. */
const BY_FUNCTION =
  'use after free: a function made this array in forward or backward and neither returned nor saved it: call this.save(x) in forward';

function closeFrame(
  parent: Storage[] | null,
  root: unknown,
  others: readonly unknown[],
  { maker = null, why }: { maker?: Maker | null; why?: string } = {},
): void {
  const closing = frame ?? [];
  frame = parent;
  const owner = parent === null && isObject(root) ? root : null;
  const heldBefore = (owner && held.get(owner)) ?? [];
  if (closing.length === 0 && heldBefore.length === 0) return;
  const [byRoot] = markReachable(root, others);
  const left: Storage[] = [];
  for (const storage of heldBefore) {
    if (storage.freed || storage.kept) continue;
    if (storage.mark < byRoot) retire(storage);
    else left.push(storage);
  }
  for (const storage of closing) {
    if (storage.freed || storage.onNet) continue;
    if (storage.mark < byRoot) storage.free(why);
    else {
      if (maker && (composing || !parent)) storage.join(maker);
      if (parent) parent.push(storage);
      else if (storage.mark !== byRoot) addOutsideScopes(storage);
      else {
        storage.catchByNet();
        left.push(storage);
      }
    }
  }
  if (owner) held.set(owner, left);
}

/**
 * Leaves arrays with `root`, such as the gradients of an optimizer's parameters. A later scope of `root` frees those that `root` no
 * longer reaches.
 */
export function adopt(root: object, storages: readonly Storage[]): void {
  for (const storage of storages) storage.catchByNet();
  // Gradients that were not cleared are in the set already.
  held.set(root, [...new Set([...(held.get(root) ?? []), ...storages])]);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * Runs `fn`, then frees every array allocated inside, unless it is reachable from `root` or from the result of `fn`. `root` is a
 * link, an optimizer, an array, a Variable, or a list of these. A link keeps its parameters, their gradients and the values of its
 * fields. A returned Variable keeps its graph. Nested scopes hand survivors to the outer scope. If `fn` throws, only the arrays that
 * `root` reaches survive. A later outermost scope of `root` frees the survivors that `root` no longer reaches.
 *
 * Without `fn`, the result is a disposable: `using _ = scope(model);` ends the scope at the end of the block.
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
  if (isPromise(result)) {
    closeFrame(parent, root, []);
    refuse(result);
    throw new GraphError('scope: the function returned a promise, but scopes are synchronous: await outside of it');
  }
  closeFrame(parent, root, [result]);
  return result;
}

/** Whether a function was asynchronous. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && 'then' in value && typeof value.then === 'function';
}

/** Handles the later error of a refused promise, for which nothing waits. */
export function refuse(promise: PromiseLike<unknown>): void {
  promise.then(undefined, () => {});
}

/**
 * Runs a call of a model without autograd, then frees the arrays that it allocated and neither returned nor left with the model. The
 * arrays of an asynchronous call stay, because the call goes on.
 */
export function callAlone<T>(model: object, call: () => T): T {
  frame = [];
  let result: unknown = [];
  try {
    const value = call();
    result = isPromise(value) ? frame : value;
    return value;
  } finally {
    closeFrame(null, model, [result]);
  }
}

/**
 * Runs one operation and frees its temporaries: arrays that `fn` allocated, except its results and the arrays that `kept` reaches.
 * `kept` gets all arrays that `fn` allocated, and is called only if there are temporaries. Outside of scopes, the survivors belong
 * to the graph of `maker`, if there is one.
 */
export function freeTemporaries<T extends readonly unknown[]>(
  fn: () => T,
  kept: (made: readonly Storage[], results: T) => readonly unknown[],
  maker: Maker | null = null,
): T {
  const parent = frame;
  frame = [];
  let results: T;
  try {
    results = fn();
  } catch (error) {
    closeFrame(parent, null, []);
    throw error;
  }
  if (frame.length > results.length)
    closeFrame(parent, null, [results, kept(frame, results)], { maker, why: BY_FUNCTION });
  else {
    const survivors = frame;
    frame = parent;
    for (const storage of survivors) {
      if (storage.freed || storage.onNet) continue;
      if (maker && (composing || !parent)) storage.join(maker);
      if (parent) parent.push(storage);
      else addOutsideScopes(storage);
    }
  }
  return results;
}

function addOutsideScopes(storage: Storage): void {
  if (storage.graph) {
    storage.role = 'graphs';
    graphArrays.add(storage);
  } else looseArrays.add(storage);
}

/** The maker of arrays that only functions of a graph hold: they go with the functions. */
const GIVEN: Maker = { spent: true };

/** Gives an array outside of scopes to a graph; it then lives as long as the graph's loss. */
export function giveToGraph(storage: Storage): void {
  if (storage.list !== looseArrays) return;
  looseArrays.remove(storage);
  storage.graph = { maker: GIVEN, isResult: true, outlived: null };
  addOutsideScopes(storage);
}

/**
 * Runs `fn` outside of scopes, and frees the arrays that it allocated, except its `arrays`, those that functions of graphs made, and
 * those that these functions `kept`.
 */
export function freeUnreached<T>(
  fn: () => { readonly result: T; readonly arrays: readonly unknown[]; readonly kept: readonly unknown[] },
): T {
  const survivors: Storage[] = [];
  frame = [];
  composing = true;
  try {
    const { result, arrays, kept } = fn();
    const [asResult, asKept] = markReachable(arrays, kept);
    for (const storage of frame) {
      if (storage.mark === asKept) storage.join(GIVEN);
      if (storage.mark === asResult || storage.graph) survivors.push(storage);
    }
    return result;
  } finally {
    composing = false;
    closeFrame(null, null, [survivors]);
  }
}

/** Takes the arrays reachable from `value` out of all scopes: the garbage collector frees them. Returns `value`. */
export function keep<T>(value: T): T {
  visitStorages(value, (storage) => {
    storage.kept = true;
    storage.catchByNet();
  });
  return value;
}

/**
 * Frees every array reachable from `value` now, except those that `kept` reaches. For owners that know all holders of a value, such
 * as a training loop.
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
