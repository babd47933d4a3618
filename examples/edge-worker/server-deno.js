/** The service on Deno and Deno Deploy: `deno run --allow-net --allow-read examples/edge-worker/server-deno.js [port]`. */
import { makeHandler } from './handler.js';
import { makeReader } from './reader.js';

const weights = await Deno.readFile(new URL('./lenet5.onnx', import.meta.url));

Deno.serve(
  { port: Number(Deno.args[0] ?? 8787), onListen: ({ port }) => console.log(`http://127.0.0.1:${port}/`) },
  makeHandler(makeReader(weights)),
);
