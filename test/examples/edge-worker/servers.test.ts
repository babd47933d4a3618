/**
 * The servers of examples/edge-worker as processes: hostile requests, slow clients and the end by a signal. On Node; with `npm test -- --all` on
 * Deno and Bun too. Nothing here measures time: what must happen is waited for.
 */
import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { honestRequests } from '../../../scripts/soak/server/honest-requests.mjs';
import { faultOf, hostileRequests } from '../../../scripts/soak/server/hostile-requests.mjs';
import { load } from '../../../scripts/soak/server/load.mjs';
import { mutantOf, randomOf } from '../../../scripts/soak/server/mutants.mjs';
import { exchange, message } from '../../../scripts/soak/server/raw-http.mjs';
import { SLOW_CLIENTS, sufferSlowClient } from '../../../scripts/soak/server/slow-clients.mjs';
import { RUNTIMES, startServer } from '../../../scripts/soak/server/start-server.mjs';

type Server = Awaited<ReturnType<typeof startServer>>;

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const RAW = 'Content-Type: application/octet-stream';
const GET = message('GET / HTTP/1.1\nHost: a');

/** What a socket receives until it is closed. */
async function closing(socket: Socket): Promise<string> {
  let received = '';
  socket.on('data', (part) => {
    received += part.toString('latin1');
  });
  socket.on('error', () => {}); // 'close' follows
  await new Promise((resolve) => socket.once('close', resolve));
  return received;
}

/** Whether honest clients are served: so many digits, all answered, nearly all right. */
async function expectService({ port }: Server, count = 40): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const { right, faults } = await load(port, honestRequests(count), { count, connections: 4, agent });
  agent.destroy();
  expect(faults).toEqual([]);
  expect(right).toBeGreaterThan(0.9 * count);
}

describe.each(process.env.RENSA_RUNTIMES ? RUNTIMES : ['node'])('the server on %s', (runtime) => {
  let server: Server;

  beforeAll(async () => {
    server = await startServer(runtime, { patience: 3000 });
  });
  afterAll(() => void server.process.kill('SIGKILL'));

  it('tells the digits of the test set', () => expectService(server, 200));

  it('answers each hostile request as it may be answered', async () => {
    for (const request of hostileRequests()) {
      expect(faultOf(request, await exchange(server.port, request.bytes, { ...request, timeout: 20_000 }))).toBe(null);
    }
    await expectService(server);
  });

  it('answers all hostile requests at once, and honest ones meanwhile', async () => {
    const attacks = hostileRequests().map(async (request) =>
      faultOf(request, await exchange(server.port, request.bytes, { ...request, timeout: 60_000 })),
    );
    await expectService(server);
    expect((await Promise.all(attacks)).filter((fault) => fault !== null)).toEqual([]);
  });

  it('answers damaged requests', async () => {
    const random = randomOf(13);
    const requests = hostileRequests();
    for (let batch = 0; batch < 20; batch++) {
      const faults = Array.from({ length: 20 }, async () => {
        const mutant = mutantOf(requests, random);
        const fault = faultOf(mutant, await exchange(server.port, mutant.bytes, { ...mutant, timeout: 60_000 }));
        return fault && `${fault}: ${Buffer.from(mutant.bytes.subarray(0, 2000)).toString('base64')}`;
      });
      expect((await Promise.all(faults)).filter((fault) => fault !== null)).toEqual([]);
    }
    await expectService(server);
  });

  it('ends clients that are slow, and serves others meanwhile', async () => {
    const clients = Object.values(SLOW_CLIENTS).flatMap((client) => Array(10).fill(client));
    const ended = Promise.all(clients.map((client) => sufferSlowClient(server.port, client)));
    await expectService(server);
    await ended;
    await expectService(server);
  });

  it('answers before a body that it does not want has come', async () => {
    const post = message(`POST / HTTP/1.1\nHost: a\nContent-Type: text/plain\nContent-Length: 900000`, 'x');
    expect((await exchange(server.port, post, { timeout: 60_000 })).statuses).toEqual([415]);
  });

  it('reads the next request of a connection after a body that it refused', async () => {
    const refused = message(
      `POST / HTTP/1.1\nHost: a\nContent-Type: text/plain\nContent-Length: 100000`,
      'x'.repeat(1e5),
    );
    const { statuses } = await exchange(server.port, [refused, GET], { answers: 2, timeout: 60_000 });
    expect(statuses).toEqual([415, 200]);
  });

  it('answers HEAD with the headers of GET', async () => {
    const ask = (method: string) => fetch(`http://127.0.0.1:${server.port}/`, { method });
    const [head, get] = await Promise.all([ask('HEAD'), ask('GET')]);
    expect(await head.text()).toBe('');
    const ofConnections = ['connection', 'date', 'keep-alive'];
    const headersOf = ({ headers }: Response) => [...headers].filter(([name]) => !ofConnections.includes(name));
    expect(headersOf(head)).toEqual(headersOf(get));
    expect(Number(get.headers.get('content-length'))).toBe((await get.text()).length);
  });
});

describe.each(process.env.RENSA_RUNTIMES ? RUNTIMES : ['node'])('SIGTERM on %s', (runtime) => {
  it('finishes the request under way, closes idle connections, takes no new ones, and ends with 0', async () => {
    const server = await startServer(runtime, { patience: 20_000 });
    const idle = connect(server.port, '127.0.0.1');
    const idleEnd = closing(idle);
    idle.write(GET);
    await once(idle, 'data');
    const busy = connect(server.port, '127.0.0.1');
    const busyEnd = closing(busy);
    busy.write(message(`POST / HTTP/1.1\nHost: a\n${RAW}\nContent-Length: 784`));
    await expectService(server, 4); // by now the half of a request has arrived, too

    server.process.kill('SIGTERM');
    expect(await idleEnd).toMatch(/^HTTP\/1.1 200/);
    await expect(
      (async () => {
        for (;;) await fetch(`http://127.0.0.1:${server.port}/`, { headers: { connection: 'close' } });
      })(),
    ).rejects.toThrow(TypeError); // refused
    busy.write(new Uint8Array(784));
    expect(await busyEnd).toMatch(/^HTTP\/1.1 422/);
    expect(await server.exit).toBe(0);
  });

  it('does not wait forever', async () => {
    const server = await startServer(runtime, { patience: 1500 });
    const stuck = connect(server.port, '127.0.0.1');
    const end = closing(stuck);
    const dripping = setInterval(() => stuck.write('x'), 50);
    stuck.write(message(`POST / HTTP/1.1\nHost: a\n${RAW}\nContent-Length: 784`));
    await expectService(server, 4);
    server.process.kill('SIGTERM');
    expect(await server.exit).toBe(0);
    await end;
    clearInterval(dripping);
  });
});
