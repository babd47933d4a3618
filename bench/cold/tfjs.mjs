/**
 * From import to LeNet5's first answer: tfjs on its WebAssembly backend. tfjs does not read ONNX, so the network is
 * written here, with made-up weights: their values do not change the work.
 */
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

const script = () => import.meta.resolve('@tensorflow/tfjs-backend-wasm');
setWasmPaths(globalThis.document ? '/tfjs/' : decodeURI(new URL('.', script()).pathname));
setThreadsCount(1);

const filters = (...shape) => tf.fill(shape, 0.01);
const convolve = (x, size, from, to) =>
  tf.fused.conv2d({
    x,
    filter: filters(size, size, from, to),
    strides: 1,
    pad: 'valid',
    bias: filters(to),
    activation: 'sigmoid',
  });
const pool = (x) => tf.maxPool(x, 2, 2, 'valid');
const linear = (a, from, to, activation) => tf.fused.matMul({ a, b: filters(from, to), bias: filters(to), activation });

export async function answer() {
  await tf.setBackend('wasm');
  let h = pool(convolve(tf.fill([1, 28, 28, 1], 0.5), 5, 1, 6));
  h = pool(convolve(h, 5, 6, 16));
  h = tf.reshape(convolve(h, 4, 16, 120), [1, 120]);
  h = linear(linear(h, 120, 84, 'sigmoid'), 84, 10, 'linear');
  return tf.softmax(h).dataSync();
}
