/**
 * Threads for a machine: its memory becomes a shared one, workers come, and its kernels are exchanged for such as divide
 * their work. Loaded by dynamic import, so that programs without threads do not carry it.
 */

import { DeviceError, ValueError } from '../../../errors.js';
import type { ThreadCount, ThreadUse } from '../../backend.js';
import { kernelImports } from '../imports.js';
import { type Kernels, MAXIMUM_PAGES } from '../loader.js';
import type { Machine } from '../machine.js';
import { divideKernels } from './divide.js';
import { compileShared } from './modules.js';
import { spawn, type Worker } from './spawn.js';
import { possible } from './support.js';
import { Team } from './team.js';

/** A machine whose memory is shared: its module, and kernels that divide nothing. */
interface Shared {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  /** Ends the threads that there are. */
  end(): void;
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
  const shared = { module, memory, kernels, end: () => {} };
  machines.set(machine, shared);
  return shared;
}

/** Why it failed, without the name of the error. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Lets so many threads compute for a machine, in place of those that did before; fewer where they cannot be had.
 *
 * @param changed told when a worker is lost later.
 * @throws ValueError if `count` is no positive integer.
 */
export async function useThreads(
  machine: Machine,
  count: ThreadCount,
  changed: (use: ThreadUse) => void,
): Promise<ThreadUse> {
  if (count !== 'auto' && !(Number.isInteger(count) && count > 0)) {
    throw new ValueError(`init({ threads }): ${count} is neither a positive integer nor 'auto'`);
  }
  const before = machines.get(machine);
  if (before) {
    before.end();
    machine.kernels = before.kernels;
  }
  const use = possible(count);
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
  const workers = new Set<Worker>();
  const divided = divideKernels(kernels, team, machine.heap, machine.blocking);

  const lose = (worker: Worker) => {
    if (!workers.delete(worker)) return;
    team.size = team.size > 1 ? 1 + workers.size : 1;
    changed({ count: team.size, reason: 'a worker ended' });
  };
  const started = await Promise.allSettled(
    Array.from({ length: count - 1 }, () => spawn({ module, memory, board: team.board }, lose)),
  );
  let reason: string | null = null;
  for (const result of started) {
    if (result.status === 'fulfilled') workers.add(result.value);
    else reason = `a worker could not be started: ${reasonOf(result.reason)}`;
  }
  shared.end = () => {
    team.dismiss();
    for (const worker of workers) worker.end();
    workers.clear();
    divided.free();
    shared.end = () => {};
  };
  if (workers.size === 0) {
    shared.end();
    return { count: 1, reason };
  }
  team.size = 1 + workers.size;
  machine.kernels = divided.kernels;
  return { count: team.size, reason };
}
