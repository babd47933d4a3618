/** Lists Node's live workers, for tests that leave none behind. */
import { Worker } from 'node:worker_threads';
import { expect, vi } from 'vitest';

/** What a program sees of `node:worker_threads`: a test may put a class of its own in the place of Node's. */
export const threads: { Worker: typeof Worker } = process.getBuiltinModule('node:worker_threads');

/** The workers that were made while they are watched, and have not ended. */
export const alive = new Set<Worker>();

/** A worker that is counted while it is there. */
export class WatchedWorker extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    alive.add(this);
    // Listeners are taken off a worker that is ended.
    const { removeAllListeners } = this;
    const gone = () => alive.delete(this);
    this.removeAllListeners = (...events) => removeAllListeners.apply(this, events).once('exit', gone);
    this.once('exit', gone);
  }
}

/** From now on workers are watched. */
export function watchWorkers(): void {
  threads.Worker = WatchedWorker;
}

/** From now on workers are Node's own again. */
export function unwatchWorkers(): void {
  threads.Worker = Worker;
}

/** Waits until all have ended. */
export const expectNoneAlive = (): Promise<void> => vi.waitFor(() => expect(alive.size).toBe(0), { timeout: 10_000 });
