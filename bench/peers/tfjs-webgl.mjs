/** tfjs on its WebGL2 backend, in a page: the functions that the suite times. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-webgl';

await tf.setBackend('webgl');
await tf.ready();

/** The elements of the tensor that `fn` makes. Disposes of all its tensors. */
export function read(fn) {
  const tensor = tf.tidy(fn);
  const elements = tensor.dataSync();
  tensor.dispose();
  return elements;
}

export { crossEntropy, lenet5, lenet5Variables } from './tfjs-lenet5.mjs';
export { tfjsOnnx } from './tfjs-onnx.mjs';
export { tf };
