/** Lists Node's live workers, for tests that leave none behind. */
import { Worker } from 'node:worker_threads';
import { expect, vi } from 'vitest';

/** The module `node:worker_threads` as programs see it. A test may replace Node's class by its own. */
export const threads: { Worker: typeof Worker } = process.getBuiltinModule('node:worker_threads');

/** The live workers that were started under watch. */
export const alive = new Set<Worker>();

/** A worker that is counted until it ends. */
export class WatchedWorker extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    alive.add(this);
    // Listeners are removed from a worker that is ended.
    const { removeAllListeners } = this;
    const gone = () => alive.delete(this);
    this.removeAllListeners = (...events) => removeAllListeners.apply(this, events).once('exit', gone);
    this.once('exit', gone);
  }
}

/** Starts to watch workers. */
export function watchWorkers(): void {
  threads.Worker = WatchedWorker;
}

/** Restores Node's workers. */
export function unwatchWorkers(): void {
  threads.Worker = Worker;
}

/** Waits until all have ended. */
export const expectNoneAlive = (): Promise<void> => vi.waitFor(() => expect(alive.size).toBe(0), { timeout: 10_000 });
