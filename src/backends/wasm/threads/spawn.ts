/** One worker, in Node or in a browser. kernel-worker.ts is its script, and protocol.ts says what it is told. */

import { DeviceError } from '../../../errors.js';
import script from '../generated/kernel-worker.js';
import type { Greeting, Start } from './protocol.js';

/** A worker that has started. */
export interface Worker {
  /** Ends it, whatever it does. Node tells when its OS thread is gone, and is waited for; browsers do not tell. */
  end(): Promise<unknown> | undefined;
}

/** How long a worker may take to start, in milliseconds. */
const STARTING = 10_000;

/** Node's workers, and those of runtimes that have them too. */
const nodeThreads = () => globalThis.process?.getBuiltinModule?.('node:worker_threads');

/** Whether there can be workers at all. */
export const hasWorkers = (): boolean => nodeThreads() !== undefined || typeof globalThis.Worker === 'function';

/** A worker that was asked for. */
interface Opened extends Worker {
  /** It has started: from now on the process does not wait for it. */
  release(): void;
}

/** Asks for a worker, which tells that it is there, and at any time that it is no more. */
type Open = (start: Start, greeted: (greeting: Greeting) => void, lost: (reason: string) => void) => Opened;

type NodeThreads = NonNullable<ReturnType<typeof nodeThreads>>;

const UNREADABLE = 'a message could not be read';

const openInNode =
  (threads: NodeThreads): Open =>
  (start, greeted, lost) => {
    const options = { eval: true, workerData: start, stdin: false, execArgv: [], name: 'rensa' };
    const worker = new threads.Worker(script, options);
    worker.once('message', greeted);
    worker.on('messageerror', () => lost(UNREADABLE));
    worker.on('error', (error: unknown) => lost(String(error)));
    worker.on('exit', (code) => lost(`it ended with code ${code}`));
    return { release: () => worker.unref(), end: () => worker.terminate() };
  };

const openInPage: Open = (start, greeted, lost) => {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  // Not sooner than it has started: the script is fetched meanwhile.
  const release = () => URL.revokeObjectURL(url);
  let worker: globalThis.Worker | undefined;
  const end = () => {
    worker?.terminate();
    release();
    return undefined;
  };
  try {
    worker = new globalThis.Worker(url, { name: 'rensa' });
    worker.onmessage = ({ data }: MessageEvent<Greeting>) => greeted(data);
    worker.onmessageerror = () => lost(UNREADABLE);
    worker.onerror = (event) => {
      event.preventDefault();
      lost(event.message || "its script was refused: a content security policy needs 'worker-src blob:'");
    };
    worker.postMessage(start);
  } catch (error) {
    end();
    throw error;
  }
  return { release, end };
};

/**
 * Starts a worker. `lost` is called when it ends later, for whatever reason.
 *
 * @throws DeviceError with the reason, if it does not start.
 */
export function spawn(start: Start, lost: (worker: Worker) => void): Promise<Worker> {
  return new Promise((resolve, reject) => {
    let hasStarted = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const fail = (reason: string) => {
      clearTimeout(timer);
      if (hasStarted) lost(worker);
      else {
        void worker.end();
        reject(new DeviceError(reason));
      }
    };
    const greeted = (greeting: Greeting) => {
      if (!greeting.ready) return fail(greeting.reason);
      clearTimeout(timer);
      hasStarted = true;
      worker.release();
      resolve(worker);
    };
    const threads = nodeThreads();
    const open = threads ? openInNode(threads) : openInPage;
    // What this throws rejects the promise. Events come later, so `worker` is there when they do.
    const worker = open(start, greeted, fail);
    timer = setTimeout(() => fail(`it did not start within ${STARTING / 1000} s`), STARTING);
  });
}
