/**
 * A thread that decodes pictures. Each message is a file; each answer its 784 pixels, or the reason why it is damaged.
 */
import { parentPort } from 'node:worker_threads';
import { FormatError } from 'rensa/inference';
import { pixelsOf } from './pictures.js';

parentPort.on('message', async (bytes) => {
  try {
    parentPort.postMessage({ pixels: await pixelsOf(bytes) });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    parentPort.postMessage({ damaged: error.message });
  }
});
parentPort.postMessage('ready');
