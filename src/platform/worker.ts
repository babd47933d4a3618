/**
 * The transport to workers: one interface to the threads of Node, Deno and Bun, and to the workers of browsers. The pool of wasm
 * threads, the workers of datasets and the replicas of models use it. See `worker-port.ts` for the worker's side.
 */
import { messageOf } from '../options.js';
import { findBuiltin, type NodeWorker } from './builtin.js';

/** Hears from a worker. */
export interface WorkerListener {
  /** A message came. Anything can come: a user's module may post messages of its own. */
  received(message: unknown): void;
  /** The worker failed: it ended, threw, could not load its script, or sent a message that cannot be read. */
  lost(reason: string): void;
}

/** A worker that takes messages of a type. */
export interface WorkerThread<Message> {
  /** Sends a message and moves the buffers of `transfer`. @throws what the runtime throws if the message cannot be cloned. */
  send(message: Message, transfer?: ArrayBuffer[]): void;
  /** Whether the process stays alive while the worker runs; at first it does. In browsers this has no effect. */
  hold(held: boolean): void;
  /**
   * Ends the worker, also in the middle of a computation; its listener hears nothing more. Resolves when the thread is gone, and
   * in browsers, which do not tell, at once.
   */
  end(): Promise<unknown>;
}

/** The script of a worker. */
export type WorkerScript =
  /** The text of a classic script. A text needs no file, so it runs wherever the package was bundled to. */
  | { readonly text: string }
  /** `make` creates the worker of a browser: written at the place of the script, bundlers find it. `file`: its address for Node. */
  | { readonly make: () => globalThis.Worker; readonly file?: () => URL };

/** Options of {@link openWorker}. */
export interface WorkerOptions {
  /** The flags of Node for the worker. Default: those of the process. */
  readonly execArgv?: string[];
}

const UNREADABLE = 'it sent a message that cannot be read';

/**
 * Starts a worker. The listener hears of later failures, such as a missing script.
 *
 * @throws what the runtime throws if it makes no worker: there is none here, there are too many, or a policy forbids them.
 */
export function openWorker<Message>(
  script: WorkerScript,
  listener: WorkerListener,
  { execArgv }: WorkerOptions = {},
): WorkerThread<Message> {
  const threads = findBuiltin('node:worker_threads');
  if (threads && 'text' in script)
    return nodeThread(new threads.Worker(script.text, { eval: true, execArgv, name: 'rensa' }), listener);
  if ('text' in script) return textWorker(script.text, listener);
  if (threads && script.file)
    return nodeThread(new threads.Worker(script.file(), { execArgv, name: 'rensa' }), listener);
  return webWorker(script.make(), listener);
}

function nodeThread<Message>(worker: NodeWorker, listener: WorkerListener): WorkerThread<Message> {
  worker.on('message', (message: unknown) => listener.received(message));
  worker.on('messageerror', () => listener.lost(UNREADABLE));
  worker.on('error', (error: unknown) => listener.lost(messageOf(error)));
  worker.on('exit', (code) => listener.lost(`it ended with code ${code}`));
  return {
    send: (message, transfer) => worker.postMessage(message, transfer),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end: () => {
      worker.removeAllListeners();
      worker.on('error', () => {}); // an error without a listener would end the process
      return worker.terminate();
    },
  };
}

/** A browser's worker that runs a text, through an object URL. */
function textWorker<Message>(text: string, listener: WorkerListener): WorkerThread<Message> {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const revoke = () => URL.revokeObjectURL(url);
  try {
    const received = (message: unknown) => {
      revoke(); // a worker that sends has loaded its script
      listener.received(message);
    };
    const worker = webWorker<Message>(
      new globalThis.Worker(url, { name: 'rensa' }),
      { ...listener, received },
      "its script was refused: a content security policy needs 'worker-src blob:'",
    );
    const end = () => {
      revoke();
      return worker.end();
    };
    return { ...worker, end };
  } catch (error) {
    revoke();
    throw error;
  }
}

/** @param refusal the reason for an error that has no message: browsers give none if they do not load the script. */
function webWorker<Message>(
  worker: globalThis.Worker,
  listener: WorkerListener,
  refusal = 'its script could not be loaded',
): WorkerThread<Message> {
  worker.onmessage = ({ data }: MessageEvent<unknown>) => listener.received(data);
  worker.onmessageerror = () => listener.lost(UNREADABLE);
  worker.onerror = (event) => {
    event.preventDefault();
    listener.lost(event.message || refusal);
  };
  return {
    send: (message, transfer = []) => worker.postMessage(message, transfer),
    hold: () => {},
    end: async () => {
      worker.onmessage = worker.onmessageerror = worker.onerror = null;
      worker.terminate();
    },
  };
}
