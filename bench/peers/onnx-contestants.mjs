/** The peers that run an ONNX model, as contestants that answer for the same images. */
import { parseOnnx } from '#rensa';
import { NAMES, onnxruntimeNode, onnxruntimeWeb, tfjs } from './index.mjs';
import { tfjsOnnx } from './tfjs-onnx.mjs';

const ofOnnxruntime = (load, bytes, x, threads) => async () => {
  const session = await (await load(threads)).session(bytes, threads);
  const elements = x.dataSync();
  const run = () => session(elements, x.shape);
  return { run, read: run, free: session.free };
};

const ofTfjs = (bytes, x, threads) => async () => {
  const tf = await tfjs('wasm', threads);
  const run = tfjsOnnx(parseOnnx(bytes));
  const image = tf.tidy(() => tf.transpose(tf.tensor(x.dataSync(), [...x.shape]), [0, 2, 3, 1]));
  const read = () => {
    const y = run(image);
    const elements = y.dataSync();
    y.dispose();
    return elements;
  };
  const free = () => {
    run.free();
    image.dispose();
  };
  return { run: read, read, free };
};

/**
 * Contestants for the ONNX file `bytes` and images x (N, C, H, W); each run reads its answer.
 *
 * @param {number} threads of each library
 * @param {string} suffix what follows the names
 */
export function onnxPeers(bytes, x, threads = 1, suffix = '') {
  return [
    { name: `${NAMES.onnxruntimeWeb}${suffix}`, prepare: ofOnnxruntime(onnxruntimeWeb, bytes, x, threads) },
    { name: `${NAMES.tfjsWasm}${suffix}`, prepare: ofTfjs(bytes, x, threads) },
    { name: `${NAMES.onnxruntimeNode}${suffix}`, prepare: ofOnnxruntime(onnxruntimeNode, bytes, x, threads) },
  ];
}
