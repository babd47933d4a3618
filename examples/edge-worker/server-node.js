/** The service on Node: `node examples/edge-worker/server-node.js [port]`. AWS Lambda's Node takes the same handler. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { makeHandler } from './handler.js';
import { makeReader } from './reader.js';

const handle = makeHandler(makeReader(await readFile(new URL('./lenet5.onnx', import.meta.url))));

const server = createServer(async (incoming, outgoing) => {
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
  const request = new Request(`http://${incoming.headers.host ?? 'localhost'}${incoming.url}`, {
    method: incoming.method,
    headers: Object.entries(incoming.headers).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])),
    ...(hasBody && { body: Readable.toWeb(incoming), duplex: 'half' }),
  });
  const response = await handle(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(await response.text());
});

server.listen(Number(process.argv[2] ?? 8787), () => console.log(`http://127.0.0.1:${server.address().port}/`));
