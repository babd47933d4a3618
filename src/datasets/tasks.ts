/**
 * The tasks of dataset workers: a closed table of functions whose arguments and results structured cloning can copy. `worker-pool.ts`
 * runs them in workers, and {@link runHere} in the caller's thread.
 */
import { RensaError, ValueError } from '../errors.js';
import { type DecodeImageOptions, decodeImage, type HostImage } from '../formats/image.js';

/** Calls a function that a module exports. Structured cloning must be able to copy its result. */
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

/** The arguments of tasks, by their names. */
interface TaskArguments {
  decodeImage: [bytes: Uint8Array, what: string, options?: DecodeImageOptions];
  callModule: [url: string, name: string, args: readonly unknown[]];
}

/** The results of tasks, by their names. */
interface TaskResults {
  decodeImage: HostImage;
  callModule: unknown;
}

/** The name of a task: `decodeImage` decodes bytes, `callModule` calls a function that a module exports. */
export type TaskName = keyof TaskArguments;

/** The arguments of a task. */
export type TaskArgs<K extends TaskName> = TaskArguments[K];

/** The result of a task. */
export type TaskResult<K extends TaskName> = TaskResults[K];

/** Runs a task in some thread. */
export type RunTask = <K extends TaskName>(name: K, ...args: TaskArgs<K>) => Promise<TaskResult<K>>;

const TASKS: { readonly [K in TaskName]: (...args: TaskArgs<K>) => Promise<TaskResult<K>> } = {
  decodeImage,
  callModule,
};

/** Runs a task in the caller's thread. */
export const runHere: RunTask = (name, ...args) => TASKS[name](...args);
