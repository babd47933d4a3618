/** Starts a worker that runs kernels. Its script is kernel-worker.ts; protocol.ts describes the messages. */
import { DeviceError } from '../../../errors.js';
import { limitTime } from '../../../platform/time-limit.js';
import { openWorker, type WorkerThread } from '../../../platform/worker.js';
import text from '../generated/kernel-worker.js';
import type { Greeting, Start } from './protocol.js';

/** A worker that runs kernels. */
export type KernelWorker = WorkerThread<Start>;

/** The longest time that a worker may take to start, in seconds. */
const STARTING = 10;

/**
 * Starts a worker. The process does not wait for it.
 *
 * @param lost is called if the worker ends or fails later. An error in a browser's worker does not end it.
 * @throws DeviceError with the reason if the worker does not start.
 */
export function spawn(start: Start, lost: (worker: KernelWorker) => void): Promise<KernelWorker> {
  return new Promise((resolve, reject) => {
    let hasStarted = false;
    const fail = (reason: string) => {
      stopClock();
      if (hasStarted) return lost(worker);
      void worker.end();
      reject(new DeviceError(reason));
    };
    const received = (message: unknown) => {
      const greeting = message as Greeting; // the script is this package's own, and sends nothing else
      if (!greeting.ready) return fail(greeting.reason);
      stopClock();
      hasStarted = true;
      worker.hold(false);
      resolve(worker);
    };
    // An error here rejects the promise. Messages and failures come later, when `worker` is assigned.
    const worker = openWorker<Start>({ text }, { received, lost: fail }, { execArgv: [] });
    const stopClock = limitTime(STARTING, () => fail(`it did not start within ${STARTING} s`));
    try {
      worker.send(start);
    } catch (error) {
      fail(`it cannot be sent its memory: ${String(error)}`);
    }
  });
}
