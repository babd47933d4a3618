/**
 * Starts and ends the threads of a machine. To start them, it moves the machine to a shared memory, starts workers, and replaces
 * the kernel table by one that cuts each call into shares. `load.ts` imports this file dynamically, so that programs without
 * threads do not contain it.
 */

import { DeviceError } from '../../../errors.js';
import { messageOf } from '../../../options.js';
import { checkThreadCount, type ThreadCount, type ThreadUse, usableThreads } from '../../../platform/threads.js';
import { kernelImports } from '../imports.js';
import { compileShared } from '../inlined/shared-memory.js';
import { areSupplied, type Kernels, MAXIMUM_PAGES } from '../loader.js';
import type { Machine } from '../machine.js';
import { divideKernels } from './divide.js';
import { type KernelWorker, spawn } from './spawn.js';
import { Team } from './team.js';

/** The state of a machine whose memory is shared. */
interface Shared {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The kernels of one thread. */
  readonly kernels: Kernels;
  /** Ends all workers, and waits until they have ended. */
  end(): Promise<void>;
}

const machines = new WeakMap<Machine, Shared>();

/** Moves a machine to a shared memory. All addresses stay valid. For a moment, both memories exist. */
async function toSharedMemory(machine: Machine): Promise<Shared> {
  const known = machines.get(machine);
  if (known) return known;
  const module = await compileShared(machine.variant);
  const initial = machine.heap.reserved / 65_536;
  const memory = new WebAssembly.Memory({ initial, maximum: MAXIMUM_PAGES, shared: true });
  const { exports } = new WebAssembly.Instance(module, kernelImports(memory));
  // The build generates the interface and the module from the same sources.
  const kernels = exports as unknown as Kernels;
  if (kernels.heapBase() !== machine.kernels.heapBase()) throw new DeviceError('the shared kernels lie elsewhere');
  machine.heap.moveTo(memory);
  machine.kernels = kernels;
  const shared: Shared = { module, memory, kernels, end: async () => {} };
  machines.set(machine, shared);
  return shared;
}

/**
 * Ends the threads of a machine and starts `count` others, the caller among them; fewer if the platform cannot run as many.
 * Calls must not overlap: `init` waits for one before it makes the next.
 *
 * @param changed is called if workers are lost later.
 * @returns the number of threads, and the reason if they are fewer.
 * @throws ValueError if `count` is not a positive integer.
 */
export async function useThreads(
  machine: Machine,
  count: ThreadCount,
  changed: (use: ThreadUse) => void,
): Promise<ThreadUse> {
  checkThreadCount('init({ threads }):', count);
  const before = machines.get(machine);
  if (before) {
    machine.kernels = before.kernels;
    await before.end();
  }
  const use = usableThreads(
    count,
    areSupplied() ? 'the kernels that init({ wasm }) was given work on a memory that is not shared' : null,
  );
  if (use.count === 1) return use;
  try {
    return await start(machine, use.count, changed);
  } catch (error) {
    return { count: 1, reason: `threads could not be started: ${messageOf(error)}` };
  }
}

/** Starts `count - 1` workers. */
async function start(machine: Machine, count: number, changed: (use: ThreadUse) => void): Promise<ThreadUse> {
  const shared = await toSharedMemory(machine);
  const { module, memory, kernels } = shared;
  const team = new Team(module, kernels);
  const workers = new Set<KernelWorker>();
  const divided = divideKernels(kernels, team, machine.heap, machine.blocking);

  /** Ends all workers. When the promise is fulfilled, no worker writes to the memory any more. */
  const endWorkers = () => {
    const ending = Promise.allSettled(Array.from(workers, (worker) => worker.end()));
    workers.clear();
    return ending;
  };
  let ended: Promise<unknown> | undefined;
  shared.end = async () => {
    shared.end = async () => {};
    team.dismiss();
    await (ended ?? endWorkers());
    divided.free();
  };
  /** Reports that workers were lost, and how many threads remain. */
  const lose = (reason: string) => {
    if (team.size === 1) machine.kernels = kernels;
    changed({ count: team.size, reason });
  };
  // The shares' memory stays reserved until `shared.end` is called, since a worker that is being ended may still write to it.
  team.abandoned = (reason) => {
    ended = endWorkers();
    lose(reason);
  };
  const workerEnded = (worker: KernelWorker) => {
    if (!workers.delete(worker)) return;
    // In a browser, an error in a worker does not end the worker.
    void worker.end();
    if (machine.kernels !== divided.kernels) return; // the other workers are still starting
    team.size = 1 + workers.size;
    lose('a worker ended');
  };

  const started = await Promise.allSettled(
    Array.from({ length: count - 1 }, async () =>
      workers.add(await spawn({ module, memory, board: team.board }, workerEnded)),
    ),
  );
  let reason: string | null = null;
  for (const result of started) {
    if (result.status === 'rejected') reason = `a worker could not be started: ${messageOf(result.reason)}`;
  }
  if (workers.size === 0) {
    await shared.end();
    return { count: 1, reason };
  }
  team.size = 1 + workers.size;
  machine.kernels = divided.kernels;
  return { count: team.size, reason };
}
