/** tfjs with one of its Node-capable backends. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const require = createRequire(import.meta.url);
setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
setThreadsCount(1);

/** Makes a backend the current one: 'cpu' or 'wasm'. Timed functions of other backends must call it again. */
export async function useBackend(name) {
  await tf.setBackend(name);
  await tf.ready();
}

export { crossEntropy, lenet5, lenet5Variables } from './tfjs-lenet5.mjs';
export { tf };
