/** From import to LeNet5's first answer: onnxruntime-web, the same file. */
import * as ort from 'onnxruntime-web';

ort.env.wasm.numThreads = 1;
if (globalThis.document) ort.env.wasm.wasmPaths = '/onnxruntime/';

export async function answer(model) {
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
  const input = new ort.Tensor('float32', new Float32Array(784).fill(0.5), [1, 1, 28, 28]);
  const { output } = await session.run({ input });
  return output.data;
}
