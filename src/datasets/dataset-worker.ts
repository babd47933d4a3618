/**
 * The script of a dataset worker, which does tasks and answers. The build makes one file of it and its imports, `dataset-worker.js`
 * beside the package's entry, which bundlers take as it is.
 */
import { workerPort } from '../platform/worker-port.js';
import { type Answer, type Order, packError } from './messages.js';
import { runHere, type TaskArgs } from './tasks.js';

const port = workerPort<Order, Answer>();

async function answer({ id, name, args }: Order): Promise<void> {
  try {
    const value = await runHere(name, ...(args as TaskArgs<typeof name>));
    // Decoded pixels may move. A module may keep its results, so these are copied.
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
