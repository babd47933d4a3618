/** One worker, in Node or in a browser, as messages in and out. messages.ts says what they are. */
import type { Order } from './messages.js';

/** Who listens to a thread. */
export interface ThreadListener {
  /** What came, whatever it is. */
  answered(answer: unknown): void;
  /** The thread is no more, or never was. */
  failed(reason: string): void;
}

/** A worker that runs. */
export interface Thread {
  send(order: Order, transfer: ArrayBuffer[]): void;
  /** Whether the process waits for it. Browsers know no such thing. */
  hold(held: boolean): void;
  end(): void;
}

/**
 * For Node alone: of a literal in `new URL(…, import.meta.url)` bundlers would ship the script twice, and of a variable there
 * webpack warns. So neither of the two is written as it is.
 */
const SCRIPT = './dataset-worker.js';
const moduleUrl = () => import.meta.url;

const UNREADABLE = 'it sent what cannot be read';

/** Node's workers; other runtimes have `Worker`, as browsers do. */
const nodeThreads = () => globalThis.process?.getBuiltinModule?.('node:worker_threads');

/**
 * Starts the worker of the package, found beside the module that this is in; null where there are no workers. That the
 * script is missing is told later, as a failure: bundlers that do not know the pattern leave it out.
 */
export function startThread(listener: ThreadListener): Thread | null {
  try {
    if (typeof Worker === 'function') {
      return startWebWorker(
        new Worker(new URL('./dataset-worker.js', import.meta.url), { type: 'module', name: 'rensa' }),
        listener,
      );
    }
    const { Worker: NodeWorker } = nodeThreads() ?? {};
    if (!NodeWorker) return null;
    const worker = new NodeWorker(new URL(SCRIPT, moduleUrl()));
    worker.on('message', (answer: unknown) => listener.answered(answer));
    worker.on('messageerror', () => listener.failed(UNREADABLE));
    worker.on('error', (error: unknown) => listener.failed(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => listener.failed(`it ended with code ${code}`));
    return {
      send: (order, transfer) => worker.postMessage(order, transfer),
      hold: (held) => (held ? worker.ref() : worker.unref()),
      end: () => {
        worker.removeAllListeners();
        worker.on('error', () => {}); // of one that is ended, nobody wants to know
        worker.terminate();
      },
    };
  } catch {
    // No module URL in this bundle, or a policy that forbids workers: the caller's thread does it.
    return null;
  }
}

function startWebWorker(worker: Worker, listener: ThreadListener): Thread {
  worker.onmessage = ({ data }: MessageEvent<unknown>) => listener.answered(data);
  worker.onmessageerror = () => listener.failed(UNREADABLE);
  worker.onerror = (event) => {
    event.preventDefault();
    listener.failed(event.message || 'its script could not be loaded');
  };
  return {
    send: (order, transfer) => worker.postMessage(order, transfer),
    hold: () => {},
    end: () => {
      worker.onmessage = worker.onerror = worker.onmessageerror = null;
      worker.terminate();
    },
  };
}
