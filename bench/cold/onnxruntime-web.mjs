/** From import to LeNet5's first answer: onnxruntime-web, the same file. */
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';

ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(readFileSync(process.argv[2]), { executionProviders: ['wasm'] });
const input = new ort.Tensor('float32', new Float32Array(784).fill(0.5), [1, 1, 28, 28]);
const { output } = await session.run({ input });
console.log(JSON.stringify([...output.data]));
process.exit(0);
