/**
 * The service on Deno: `deno run --allow-net --allow-read examples/edge-worker/server-deno.js [port] [--patience MS]`.
 *
 * It is the server of Node: `Deno.serve` waits without limit for headers that do not come (Deno 2.9), Deno's `node:http` does not.
 * On Deno Deploy, or behind a proxy with time-outs, `Deno.serve(makeHandler(await makeReader(weights)))` is all that is needed.
 */
import './server-node.js';
