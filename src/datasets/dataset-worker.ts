/**
 * The script of a worker: it does tasks and answers. The build makes one file of it, `dataset-worker.js` beside the package's
 * entry, with all that it needs inside, so that bundlers take it as it is.
 */
import { type Answer, type Order, packError } from './messages.js';
import { runHere, type TaskArgs } from './tasks.js';

/** The side of the channel that is the worker's. */
interface Port {
  onmessage: ((event: { readonly data: Order }) => void) | null;
  postMessage(message: Answer, transfer?: ArrayBuffer[]): void;
}

/** The worker's own global in browsers, Deno and Bun; Node's workers have a port instead. */
function ownPort(): Port {
  const node = 'WorkerGlobalScope' in globalThis ? null : globalThis.process?.getBuiltinModule?.('node:worker_threads');
  // Both have these two members; their declarations agree on nothing else.
  return (node?.parentPort ?? globalThis) as unknown as Port;
}

const port = ownPort();

async function answer({ id, name, args }: Order): Promise<void> {
  try {
    const value = await runHere(name, ...(args as TaskArgs<typeof name>));
    // Pixels are nobody else's and may move; what a module gives it may keep.
    const moved = name === 'decodeImage' && 'data' in Object(value) ? bufferOf(Object(value).data) : [];
    port.postMessage({ id, value }, moved);
  } catch (error) {
    port.postMessage({ id, error: packError(error) });
  }
}

function bufferOf(view: unknown): ArrayBuffer[] {
  return ArrayBuffer.isView(view) && view.buffer instanceof ArrayBuffer ? [view.buffer] : [];
}

port.onmessage = ({ data }) => {
  answer(data);
};
port.postMessage({ id: null });
