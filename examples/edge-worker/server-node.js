/** The service on Node, and on Deno by server-deno.js: `node examples/edge-worker/server-node.js [port] [--patience MS]`. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { makeHandler } from './handler.js';
import { nodeListener } from './node-listener.js';
import { makePictureWorkers } from './picture-workers.js';
import { makeReader } from './reader.js';
import { serverOptions, stopOnSignals } from './server-options.js';

const { port, patience } = serverOptions();
const weights = await readFile(new URL('./lenet5.onnx', import.meta.url));
const handle = makeHandler(await makeReader(weights), { toPixels: makePictureWorkers(), timeout: patience });

// Node answers 408 to a client that is late, 431 to headers too large, and 400 to what is not HTTP.
const limits = {
  headersTimeout: patience,
  requestTimeout: 2 * patience, // the handler waits for the body as long as `patience`, and says so
  connectionsCheckingInterval: patience / 5,
  keepAliveTimeout: 5000,
  maxHeaderSize: 8192,
};
const server = createServer(limits, nodeListener(handle));
server.timeout = 15_000 + patience; // without a byte in either direction: longer than any answer takes, so the client does not read it
server.maxConnections = 1000;
server.maxRequestsPerSocket = 1000;

server.listen(port, () => console.log(`http://127.0.0.1:${server.address().port}/`));

stopOnSignals(() => {
  // Connections are kept alive between requests; each is closed when it is found idle.
  setInterval(() => server.closeIdleConnections(), 50);
  return new Promise((resolve) => server.close(resolve));
}, patience);
