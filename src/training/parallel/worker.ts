/**
 * One worker, in Node or in a browser, that becomes a replica. Its bootstrap is a few lines of text: all else comes with the
 * module that makes the model, so that both use one and the same copy of the library, and no file lies beside the package.
 */
import { inWords } from '../../options.js';
import type { Start, Step } from './messages.js';

/** Who listens to a worker. */
export interface WorkerListener {
  /** What came, whatever it is: the module of a replica may send what it likes. */
  answered(answer: unknown): void;
  /** The worker is no more, or never was. */
  lost(reason: string): void;
}

/** A worker, as messages. */
export interface ReplicaWorker {
  send(step: Step, moved: ArrayBuffer[]): void;
  /** Whether the process waits for it. Browsers know no such thing. */
  hold(held: boolean): void;
  end(): void;
}

/** The module that makes the model, or what starts a worker whose script that module is: what bundlers understand. */
export type ReplicaSource = string | URL | (() => Worker);

/** Imports the module, which takes what is left for it, or tells why that did not happen. */
const BOOTSTRAP = `
const key = Symbol.for('rensa.replica');
function begin(start, port) {
  const fail = (name, message) => port.postMessage({ kind: 'failed', error: { name, message } });
  globalThis[key] = { start, port };
  import(start.url).then(
    () => { if (globalThis[key]) fail('ValueError', 'ParallelUpdater: ' + start.url + ' does not call training.replica'); },
    (error) => fail(error?.name ?? 'Error', 'ParallelUpdater: ' + start.url + ' failed: ' + (error?.message ?? error)),
  );
}`;
const NODE_BOOTSTRAP = `${BOOTSTRAP}
const { workerData, parentPort } = process.getBuiltinModule('node:worker_threads');
begin(workerData, parentPort);`;
const WEB_BOOTSTRAP = `${BOOTSTRAP}
onmessage = ({ data }) => { onmessage = null; begin(data, globalThis); };`;

/** Node's workers, and those of runtimes that have them too. */
const nodeThreads = () => globalThis.process?.getBuiltinModule?.('node:worker_threads');

/** Why there can be no replicas here; null if there can. */
export function obstacle(): string | null {
  // Without isolation a shared memory can be made, and cannot be sent. Node, Deno and Bun know no isolation.
  if (globalThis.crossOriginIsolated === false && !globalThis.process?.getBuiltinModule) {
    return (
      'the page is not cross-origin isolated: it has to be served with Cross-Origin-Opener-Policy: same-origin and ' +
      'Cross-Origin-Embedder-Policy: require-corp'
    );
  }
  if (typeof SharedArrayBuffer !== 'function') return 'this runtime has no shared memory';
  if (!nodeThreads() && typeof globalThis.Worker !== 'function') return 'this runtime has no workers';
  return null;
}

const UNREADABLE = 'it sent what cannot be read';

/**
 * Starts a worker. That it could not be started is told as a loss, later.
 *
 * @throws what `source` throws, if it is a function; TypeError if it gives no worker.
 */
export function startWorker(source: ReplicaSource, start: Omit<Start, 'url'>, listener: WorkerListener): ReplicaWorker {
  if (typeof source === 'function') {
    const worker = source();
    if (typeof worker?.postMessage !== 'function' || typeof worker.terminate !== 'function')
      throw new TypeError(`ParallelUpdater: the function model gave ${inWords(worker)}, expected a Worker`);
    return greet(worker, { ...start, url: null }, listener);
  }
  try {
    const threads = nodeThreads();
    return threads ? startInNode(threads, source, start, listener) : startInPage(source, start, listener);
  } catch (error) {
    // Too many threads, or a policy that forbids them.
    const reason = `it could not be started: ${error instanceof Error ? error.message : String(error)}`;
    queueMicrotask(() => listener.lost(reason));
    return { send: () => {}, hold: () => {}, end: () => {} };
  }
}

function startInNode(
  threads: NonNullable<ReturnType<typeof nodeThreads>>,
  source: string | URL,
  start: Omit<Start, 'url'>,
  listener: WorkerListener,
): ReplicaWorker {
  const workerData = { ...start, url: String(source) } satisfies Start;
  const worker = new threads.Worker(NODE_BOOTSTRAP, { eval: true, workerData, stdin: false, name: 'rensa' });
  worker.on('message', (answer: unknown) => listener.answered(answer));
  worker.on('messageerror', () => listener.lost(UNREADABLE));
  worker.on('error', (error: unknown) => listener.lost(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => listener.lost(`it ended with code ${code}`));
  return {
    send: (step, moved) => worker.postMessage(step, moved),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end: () => {
      worker.removeAllListeners();
      worker.on('error', () => {}); // of one that is ended, nobody wants to know
      void worker.terminate();
    },
  };
}

function startInPage(source: string | URL, start: Omit<Start, 'url'>, listener: WorkerListener): ReplicaWorker {
  const script = URL.createObjectURL(new Blob([WEB_BOOTSTRAP], { type: 'text/javascript' }));
  const revoke = () => URL.revokeObjectURL(script);
  try {
    const url = new URL(source, globalThis.location?.href).href;
    const worker = greet(new Worker(script, { type: 'module', name: 'rensa' }), { ...start, url }, listener);
    return {
      ...worker,
      end: () => {
        worker.end();
        revoke();
      },
    };
  } catch (error) {
    revoke();
    throw error;
  }
}

function greet(worker: Worker, start: Start, listener: WorkerListener): ReplicaWorker {
  worker.onmessage = ({ data }: MessageEvent<unknown>) => listener.answered(data);
  worker.onmessageerror = () => listener.lost(UNREADABLE);
  worker.onerror = (event) => {
    event.preventDefault();
    listener.lost(event.message || 'its script could not be loaded');
  };
  const end = () => {
    worker.onmessage = worker.onerror = worker.onmessageerror = null;
    worker.terminate();
  };
  try {
    worker.postMessage(start);
  } catch (error) {
    end();
    throw error;
  }
  return { send: (step, moved) => worker.postMessage(step, moved), hold: () => {}, end };
}
