/** The service on Bun: `bun examples/edge-worker/server-bun.js [port] [--patience MS]`. */
import { makeHandler } from './handler.js';
import { makePictureWorkers } from './picture-workers.js';
import { MAX_BYTES } from './pictures.js';
import { makeReader } from './reader.js';
import { serverOptions, stopOnSignals } from './server-options.js';

const { port, patience } = serverOptions();
const weights = await Bun.file(new URL('./lenet5.onnx', import.meta.url)).bytes();
const handle = makeHandler(await makeReader(weights), { toPixels: makePictureWorkers(), timeout: patience });

const server = Bun.serve({
  port,
  fetch: handle,
  idleTimeout: Math.ceil(patience / 1000), // seconds without a byte; Bun itself ends headers that take more than 12
  maxRequestBodySize: MAX_BYTES,
  development: false, // errors are answered without their stack
});
console.log(`http://127.0.0.1:${server.port}/`);

stopOnSignals(() => server.stop(), patience);
