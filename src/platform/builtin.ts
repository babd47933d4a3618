/**
 * The built-in modules of Node, which Deno and Bun have too. They are looked up at run time, because a bundler for browsers would
 * stop at an import of one.
 */
import { DeviceError } from '../errors.js';

/** The modules that this package uses, by their names. */
interface Builtins {
  'node:fs': typeof import('node:fs');
  'node:fs/promises': typeof import('node:fs/promises');
  'node:os': typeof import('node:os');
  'node:path': typeof import('node:path');
  'node:url': typeof import('node:url');
  'node:worker_threads': typeof import('node:worker_threads');
  'node:zlib': typeof import('node:zlib');
}

/** A built-in module; undefined in browsers and on edge platforms. */
export function findBuiltin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  // Types say that a process always has built-in modules, and that is true of Node alone.
  return globalThis.process?.getBuiltinModule?.(name) as Builtins[Name] | undefined;
}

/**
 * A built-in module, for code that runs only where there are such modules.
 *
 * @throws DeviceError if this runtime does not have it.
 */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  const module = findBuiltin(name);
  if (!module) throw new DeviceError(`this runtime has no module '${name}'`);
  return module;
}

/** A thread of `node:worker_threads`. */
export type NodeWorker = import('node:worker_threads').Worker;

/** Information about a file, as `node:fs` gives it. */
export type FileStats = import('node:fs').Stats;

/** An open file of `node:fs/promises`. */
export type FileHandle = import('node:fs/promises').FileHandle;
