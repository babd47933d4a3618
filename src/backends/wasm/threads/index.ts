/**
 * Threads for a machine. Its memory becomes a shared one, workers start, and its kernel table is replaced by one whose entries
 * split each call. Loaded by dynamic import, so that programs without threads do not carry it.
 */

import { DeviceError } from '../../../errors.js';
import { checkThreadCount, type ThreadCount, type ThreadUse, usableThreads } from '../../../platform/threads.js';
import { kernelImports } from '../imports.js';
import { compileShared } from '../inlined/shared-memory.js';
import { areSupplied, type Kernels, MAXIMUM_PAGES } from '../loader.js';
import type { Machine } from '../machine.js';
import { divideKernels } from './divide.js';
import { type KernelWorker, spawn } from './spawn.js';
import { Team } from './team.js';

/** A machine whose memory is shared: its module, and kernels that divide nothing. */
interface Shared {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  /** Ends the threads that there are, and waits until they have ended. */
  end(): Promise<void>;
}

const machines = new WeakMap<Machine, Shared>();

/** Moves a machine to a shared memory, where all keep their addresses. Twice the memory is taken for a moment. */
async function share(machine: Machine): Promise<Shared> {
  const known = machines.get(machine);
  if (known) return known;
  const module = await compileShared(machine.variant);
  const initial = machine.heap.reserved / 65_536;
  const memory = new WebAssembly.Memory({ initial, maximum: MAXIMUM_PAGES, shared: true });
  const { exports } = new WebAssembly.Instance(module, kernelImports(memory));
  // The interface was generated from the same sources.
  const kernels = exports as unknown as Kernels;
  if (kernels.heapBase() !== machine.kernels.heapBase()) throw new DeviceError('the shared kernels lie elsewhere');
  machine.heap.moveTo(memory);
  machine.kernels = kernels;
  const shared: Shared = { module, memory, kernels, end: async () => {} };
  machines.set(machine, shared);
  return shared;
}

/** Why it failed, without the name of the error. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Lets so many threads compute for a machine, in place of those that did before; fewer where they cannot be had. One call
 * has to wait for another: `init` sees to that.
 *
 * @param changed told when a worker is lost later.
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
    return { count: 1, reason: `threads could not be started: ${reasonOf(error)}` };
  }
}

async function start(machine: Machine, count: number, changed: (use: ThreadUse) => void): Promise<ThreadUse> {
  const shared = await share(machine);
  const { module, memory, kernels } = shared;
  const team = new Team(module, kernels);
  const workers = new Set<KernelWorker>();
  const divided = divideKernels(kernels, team, machine.heap, machine.blocking);

  /** Ends all workers; the memory that they work in can be freed when this is fulfilled. */
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
  /** The threads that are left, after some were lost. */
  const lose = (reason: string) => {
    if (team.size === 1) machine.kernels = kernels;
    changed({ count: team.size, reason });
  };
  // Their memory stays reserved until threads are asked for again: one that is being ended may still write there.
  team.abandoned = (reason) => {
    ended = endWorkers();
    lose(reason);
  };
  const workerEnded = (worker: KernelWorker) => {
    if (!workers.delete(worker)) return;
    // An error in a page's worker does not end it.
    void worker.end();
    if (machine.kernels !== divided.kernels) return; // while the others start
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
    if (result.status === 'rejected') reason = `a worker could not be started: ${reasonOf(result.reason)}`;
  }
  if (workers.size === 0) {
    await shared.end();
    return { count: 1, reason };
  }
  team.size = 1 + workers.size;
  machine.kernels = divided.kernels;
  return { count: team.size, reason };
}
