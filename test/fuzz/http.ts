/**
 * The fuzzer of the example server: random requests to its handler in this process, and through sockets to the server
 * on Node. No request may be answered by 500 or end the server, and an honest request after each gets the usual
 * answer.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import fc from 'fast-check';
import { makeHandler } from '../../examples/edge-worker/handler.js';
import { makeReader } from '../../examples/edge-worker/reader.js';
import { bodyOf, type HttpCase, httpCase, requestOf } from './http-case.js';
import { drawn, Finding, type Outcome } from './target.js';

const FOLDER = 'examples/edge-worker';
/** Milliseconds after which a client that says nothing is sent away. */
const PATIENCE = 300;
/** Milliseconds that a client waits for the rest of an answer. */
const CLIENT_WAITS = 1500;

const pixels = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 > 12 && i % 28 < 16 && i > 112 && i < 672 ? 255 : 0));

let handle: ((request: Request) => Promise<Response>) | null = null;
let server: { readonly process: ChildProcess; readonly port: number } | null = null;

/** Starts the server, and waits for its address. */
function start(): Promise<NonNullable<typeof server>> {
  const child = spawn(process.execPath, [`${FOLDER}/server-node.js`, '0', '--patience', String(PATIENCE)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_V8_COVERAGE: '' },
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
    child.stdout.once('data', (data: Buffer) => {
      const port = Number(/:(\d+)\//.exec(String(data))?.[1]);
      resolve({ process: child, port });
    });
  });
}

async function prepare(): Promise<void> {
  const read = await makeReader(readFileSync(`${FOLDER}/lenet5.onnx`));
  handle = makeHandler(read, { timeout: PATIENCE });
  server = await start();
}

async function finish(): Promise<void> {
  server?.process.kill();
}
// Ends the server also when a finding ends the child.
process.on('exit', () => server?.process.kill('SIGKILL'));

/** @throws Finding for an answer that an honest server does not give. */
function checkStatus(status: number, body: string): void {
  if (status < 500) return;
  if (status === 501 || status === 503 || status === 505) return; // what Node says of HTTP that it does not speak, and the gate's
  throw new Finding('wrong result', `answered with ${status}: ${body.slice(0, 200)}`);
}

async function byHandler(value: HttpCase): Promise<boolean> {
  const { method, target, type, headers } = value;
  const body = bodyOf(value);
  let request: Request;
  try {
    const all = new Headers(type === null ? {} : { 'content-type': type });
    for (const [name, text] of headers) all.append(name, text);
    request = new Request(new URL(target, 'http://localhost/'), {
      method,
      headers: all,
      ...(body && { body: body as Uint8Array<ArrayBuffer>, duplex: 'half' }),
    });
  } catch {
    return false; // no platform makes a request of this
  }
  const response = await handle?.(request);
  if (!response) return false;
  const text = await response.text();
  checkStatus(response.status, text);
  return response.status === 200;
}

/** Sends bytes and collects what comes until the connection ends, or nothing comes any more. */
function exchange(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const parts: Buffer[] = [];
    const done = () => {
      socket.destroy();
      resolve(Buffer.concat(parts).toString('latin1'));
    };
    socket.setTimeout(CLIENT_WAITS, done);
    socket.on('data', (part) => parts.push(part));
    socket.on('error', done); // a server may close at once, while the client still sends
    socket.on('close', done);
    socket.end(bytes);
  });
}

/** @throws Finding unless the server is there and answers an honest request. */
async function checkServer({ process: child, port }: NonNullable<typeof server>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) throw new Finding('later call', 'the server is gone');
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: pixels,
  }).catch((error: unknown) => {
    throw new Finding('later call', `an honest request was not answered: ${String(error)}`);
  });
  const text = await response.text();
  if (response.status !== 200)
    throw new Finding('later call', `an honest request got ${response.status}: ${text.slice(0, 200)}`);
}

async function bySocket(bytes: Uint8Array): Promise<boolean> {
  server ??= await start();
  const text = await exchange(server.port, bytes);
  const statuses = Array.from(text.matchAll(/^HTTP\/1\.1 (\d{3})/gm), ([, status]) => Number(status));
  for (const status of statuses) checkStatus(status, text);
  await checkServer(server);
  return statuses.includes(200);
}

async function run(value: HttpCase): Promise<Outcome> {
  if (value.by === 'handler') return { accepted: await byHandler(value), bytes: bodyOf(value)?.length ?? 0 };
  const bytes = requestOf(value);
  return { accepted: await bySocket(bytes), bytes: bytes.length };
}

export const http = drawn(httpCase, {
  run,
  prepare,
  finish,
  topic: ({ by }) => by,
  describe: (value) => fc.stringify(value).slice(0, 2000),
});
