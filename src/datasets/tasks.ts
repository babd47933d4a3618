/**
 * What can be done for a dataset in another thread: a closed table of functions of what structured cloning copies. worker-pool.ts
 * runs them in workers, and {@link runHere} in the caller's thread.
 */
import { RensaError, ValueError } from '../errors.js';
import { type DecodeImageOptions, decodeImage, type HostImage } from '../formats/image.js';

/** Calls what a module exports; its answer is whatever structured cloning copies. */
async function callModule(url: string, name: string, args: readonly unknown[]): Promise<unknown> {
  try {
    const module: Record<string, unknown> = await import(/* @vite-ignore */ /* webpackIgnore: true */ url);
    const called = module[name];
    if (typeof called !== 'function') throw new ValueError(`${url}: the module exports no function '${name}'`);
    return await called(...args);
  } catch (cause) {
    if (cause instanceof RensaError) throw cause;
    throw new ValueError(`${url}: ${name} failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** What tasks are given, by their names. It must survive structured cloning. */
interface TaskArguments {
  decodeImage: [bytes: Uint8Array, what: string, options?: DecodeImageOptions];
  callModule: [url: string, name: string, args: readonly unknown[]];
}

/** What tasks give, by their names. */
interface TaskResults {
  decodeImage: HostImage;
  callModule: unknown;
}

/** The name of a task: `decodeImage` of bytes, or `callModule`: a function that a module exports. */
export type TaskName = keyof TaskArguments;

/** What a task is given. */
export type TaskArgs<K extends TaskName> = TaskArguments[K];

/** What a task gives. */
export type TaskResult<K extends TaskName> = TaskResults[K];

/** Has a task done somewhere. */
export type RunTask = <K extends TaskName>(name: K, ...args: TaskArgs<K>) => Promise<TaskResult<K>>;

const TASKS: { readonly [K in TaskName]: (...args: TaskArgs<K>) => Promise<TaskResult<K>> } = {
  decodeImage,
  callModule,
};

/** Does a task in the caller's thread. */
export const runHere: RunTask = (name, ...args) => TASKS[name](...args);
