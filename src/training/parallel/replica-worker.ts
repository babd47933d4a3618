/**
 * Starts a worker that becomes a replica. Its script is a few lines of text, which import the module that makes the model. All else
 * comes with that module: it and the replica use one copy of the library, and no script has to lie beside the package.
 */
import { inWords, messageOf } from '../../options.js';
import { openWorker, type WorkerListener, type WorkerThread } from '../../platform/worker.js';
import type { Start, Step } from './messages.js';

/** A worker that becomes a replica: it takes its start first, and then steps. */
export type ReplicaWorker = WorkerThread<Start | Step>;

/** The module that makes the model, or a function that makes a worker whose script is that module, as bundlers want it. */
export type ReplicaSource = string | URL | (() => Worker);

/** Waits for the start and imports the module. The module's call of `training.replica` takes what lies under the key. */
const BOOTSTRAP = `
const key = Symbol.for('rensa.replica');
const threads = 'WorkerGlobalScope' in globalThis ? null : globalThis.process?.getBuiltinModule?.('node:worker_threads');
const port = threads?.parentPort ?? globalThis;
const fail = (name, message) => port.postMessage({ kind: 'failed', error: { name, message } });
port.onmessage = ({ data: start }) => {
  port.onmessage = null;
  globalThis[key] = { start, port };
  import(start.url).then(
    () => { if (globalThis[key]) fail('ValueError', 'ParallelUpdater: ' + start.url + ' does not call training.replica'); },
    (error) => fail(error?.name ?? 'Error', 'ParallelUpdater: ' + start.url + ' failed: ' + (error?.message ?? error)),
  );
};`;

/**
 * Starts a worker. If that fails, the listener hears of a lost worker later.
 *
 * @throws what `source` throws, if it is a function, and what sending to its worker throws; TypeError if it gives no worker.
 */
export function startWorker(source: ReplicaSource, start: Omit<Start, 'url'>, listener: WorkerListener): ReplicaWorker {
  if (typeof source === 'function')
    return begin(openWorker({ make: () => made(source) }, listener), { ...start, url: null });
  try {
    const page = globalThis.location?.href; // a relative address starts from the page, not from this script
    const url = page ? new URL(source, page).href : String(source);
    return begin(openWorker({ text: BOOTSTRAP }, listener), { ...start, url });
  } catch (error) {
    // Too many threads, or a policy that forbids them.
    const reason = `it could not be started: ${messageOf(error)}`;
    queueMicrotask(() => listener.lost(reason));
    return { send: () => {}, hold: () => {}, end: async () => {} };
  }
}

function made(source: () => Worker): Worker {
  const worker = source();
  if (typeof worker?.postMessage !== 'function' || typeof worker.terminate !== 'function')
    throw new TypeError(`ParallelUpdater: the function model gave ${inWords(worker)}, expected a Worker`);
  return worker;
}

/** Sends the start. A worker that cannot have it is ended. */
function begin(worker: ReplicaWorker, start: Start): ReplicaWorker {
  try {
    worker.send(start);
    return worker;
  } catch (error) {
    void worker.end();
    throw error;
  }
}
