/**
 * The script of a worker: it does tasks and answers. The build makes one file of it, `dataset-worker.js` beside the package's
 * entry, with all that it needs inside, so that bundlers take it as it is.
 */
import { workerPort } from '../platform/worker-port.js';
import { type Answer, type Order, packError } from './messages.js';
import { runHere, type TaskArgs } from './tasks.js';

const port = workerPort<Order, Answer>();

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
