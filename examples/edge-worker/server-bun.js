/** The service on Bun: `bun examples/edge-worker/server-bun.js [port]`. */
import { makeHandler } from './handler.js';
import { makeReader } from './reader.js';

const weights = await Bun.file(new URL('./lenet5.onnx', import.meta.url)).bytes();

const { port } = Bun.serve({ port: Number(process.argv[2] ?? 8787), fetch: makeHandler(makeReader(weights)) });
console.log(`http://127.0.0.1:${port}/`);
