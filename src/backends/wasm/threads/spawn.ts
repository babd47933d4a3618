/** One worker, in Node or in a browser. kernel-worker.ts is its script, and protocol.ts says what it is told. */
import script from '../generated/kernel-worker.js';
import type { Greeting, Start } from './protocol.js';

/** A worker that has started. */
export interface Worker {
  end(): void;
}

/** How long a worker may take to start, in milliseconds. */
const STARTING = 10_000;

/** Node's workers, and those of runtimes that have them too. */
const nodeThreads = () => globalThis.process?.getBuiltinModule?.('node:worker_threads');

/** Whether there can be workers at all. */
export const hasWorkers = (): boolean => nodeThreads() !== undefined || typeof globalThis.Worker === 'function';

/** A worker, and what it tells; events that come later go to the same two functions. */
type Opened = (
  start: Start,
  greeted: (greeting: Greeting) => void,
  lost: (reason: string) => void,
) => Worker & {
  /** It has started: from now on the process does not wait for it. */
  release(): void;
};

const openInNode: Opened = (start, greeted, lost) => {
  const { Worker: NodeWorker } = nodeThreads()!;
  const worker = new NodeWorker(script, { eval: true, workerData: start, stdin: false, execArgv: [], name: 'rensa' });
  worker.once('message', greeted);
  worker.on('error', (error: unknown) => lost(String(error)));
  worker.on('exit', (code) => lost(`it ended with code ${code}`));
  return { release: () => worker.unref(), end: () => void worker.terminate() };
};

const openInPage: Opened = (start, greeted, lost) => {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new globalThis.Worker(url, { name: 'rensa' });
  worker.onmessage = ({ data }: MessageEvent<Greeting>) => greeted(data);
  worker.onerror = (event) => {
    event.preventDefault();
    lost(event.message || "its script was refused: a content security policy needs 'worker-src blob:'");
  };
  worker.postMessage(start);
  // Not sooner: the script is fetched while the worker starts.
  return { release: () => URL.revokeObjectURL(url), end: () => worker.terminate() };
};

/**
 * Starts a worker. `lost` is called when it ends later, for whatever reason.
 *
 * @throws Error with the reason, if it does not start.
 */
export function spawn(start: Start, lost: (worker: Worker) => void): Promise<Worker> {
  return new Promise((resolve, reject) => {
    let hasStarted = false;
    const fail = (reason: string) => {
      clearTimeout(timer);
      if (hasStarted) lost(worker);
      else {
        worker?.end();
        reject(new Error(reason));
      }
    };
    const timer = setTimeout(() => fail(`it did not start within ${STARTING / 1000} s`), STARTING);
    const greeted = (greeting: Greeting) => {
      if (!greeting.ready) return fail(greeting.reason);
      clearTimeout(timer);
      hasStarted = true;
      worker.release();
      resolve(worker);
    };
    const worker = (nodeThreads() ? openInNode : openInPage)(start, greeted, fail);
  });
}
