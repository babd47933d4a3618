/** `node bench/start.mjs LIBRARY FILE`: reads an ONNX file, answers once, and prints the time and the peak memory. */
import { readFileSync } from 'node:fs';

const SHAPE = [1, 3, 224, 224];
const [library, file] = process.argv.slice(2);
const elements = new Float32Array(3 * 224 * 224).fill(0.5);

/** Each program loads its library and the model, and answers once. */
const STARTS = {
  async rensa() {
    const { np, serializers } = await import('#rensa');
    const model = await serializers.loadOnnx(file);
    return model(np.array(elements).reshape(SHAPE)).dataSync();
  },
  async onnxruntimeWeb() {
    const { onnxruntimeWeb } = await import('./peers/index.mjs');
    const session = await (await onnxruntimeWeb()).session(readFileSync(file));
    return session(elements, SHAPE);
  },
  async onnxruntimeNode() {
    const { onnxruntimeNode } = await import('./peers/index.mjs');
    const session = await (await onnxruntimeNode()).session(file);
    return session(elements, SHAPE);
  },
  async tfjsWasm() {
    const { tfjs } = await import('./peers/index.mjs');
    const tf = await tfjs('wasm');
    const [{ tfjsOnnx }, { parseOnnx }] = await Promise.all([import('./peers/tfjs-onnx.mjs'), import('#rensa')]);
    const run = tfjsOnnx(parseOnnx(readFileSync(file)));
    return run(tf.transpose(tf.tensor(elements, SHAPE), [0, 2, 3, 1])).dataSync();
  },
};

const start = performance.now();
const answer = await STARTS[library]();
const milliseconds = performance.now() - start;
if (answer.length !== 1000) throw new Error(`${library}: ${answer.length} scores`);
process.stdout.write(JSON.stringify({ milliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 }), () =>
  process.exit(0),
);
