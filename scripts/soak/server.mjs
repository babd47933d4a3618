// @ts-check
/**
 * Soaks the example server: honest clients alone, then with hostile requests in between. `usage` lists the promises.
 */
import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../stages.mjs';
import { Attack } from './server/attack.mjs';
import { mib, residentOf, Tally } from './server/figures.mjs';
import { honestRequests } from './server/honest-requests.mjs';
import { load } from './server/load.mjs';
import { RUNTIMES, startServer } from './server/start-server.mjs';

/** @typedef {import('./server/report-memory.mjs').MemorySample} MemorySample */

/** Runs of fewer requests than this judge neither latency nor memory: both need many samples. */
const ENOUGH = 5000;

/** The share of all requests that is sent before anything is measured: code is compiled, and heaps grow to what the load needs. */
const WARM_UP = 0.5;

/** In how many turns both loads are sent. The machine may be busy with other things at times; turns share that between the two. */
const ROUNDS = 10;

/** Different honest requests. */
const DIGITS = 200;

export const usage = `the example server under honest and hostile requests: memory, answers, latency

Starts examples/edge-worker and asks it for digits over --connections connections: --requests honest requests alone, and as many with
--hostile hostile ones in between, in ${ROUNDS} turns, after a warm-up with half as many of both. It holds that

- each honest request is answered 200, and 95 % of the digits are right;
- each hostile request gets one of the answers that its kind allows: never 500;
- memory is flat: at the end the server's objects and buffers, garbage collected, take at most 10 % more than after the warm-up, and
  the wasm heap as much, with as many arrays; and what nine of ten samples of the resident memory stay below is, in the last third of the
  time, at most 15 % above that of the middle third;
- the 99th percentile of honest latencies with hostile requests is at most 3 times that without.

Memory and latency are judged from ${ENOUGH} requests on.

  --requests N      honest requests, alone and again with hostile ones (20000)
  --hostile N       hostile requests (5000)
  --connections N   connections of honest clients (16)
  --seed N          decides the hostile requests: half are of the table, half are of it and damaged (the time)
  --runtime NAME    ${RUNTIMES.join(', ')} (node)`;

/** @param {readonly string[]} args */
function optionsOf(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: 'string', default: '20000' },
      hostile: { type: 'string', default: '5000' },
      connections: { type: 'string', default: '16' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
      runtime: { type: 'string', default: 'node' },
    },
  });
  const { runtime, ...numbers } = values;
  for (const [name, text] of Object.entries(numbers)) {
    if (!/^\d+$/.test(text)) throw new Error(`soak server: --${name} is '${text}', expected a whole number`);
  }
  const [requests, hostile] = [Number(numbers.requests), Number(numbers.hostile)];
  return { requests, hostile, connections: Number(numbers.connections), seed: Number(numbers.seed), runtime };
}

/** A server with the memory that it reports. @param {string} runtime */
async function startWatched(runtime) {
  /** @type {MemorySample[]} */
  const samples = [];
  const server = await startServer(runtime, {
    preload: pathToFileURL(`${root}/scripts/soak/server/report-memory.mjs`).href,
    onLine: (line) => line.startsWith('{') && samples.push(JSON.parse(line)),
  });
  /** The server's memory at rest, after a collection of garbage. @returns {Promise<MemorySample>} */
  const atRest = async () => {
    await delay(1000);
    const from = samples.length;
    server.process.kill('SIGUSR2');
    while (server.process.exitCode === null && server.process.signalCode === null) {
      const left = samples.slice(from).find(({ collected }) => collected);
      if (left) return left;
      await delay(50);
    }
    throw new Error('soak server: the server has ended');
  };
  return { server, samples, atRest };
}

/** Runs the loads and prints the figures of each. @param {readonly string[]} args */
export async function soak(args) {
  const { requests, hostile, connections, seed, runtime } = optionsOf(args);
  const { server, samples, atRest } = await startWatched(runtime);
  try {
    console.log(
      `${runtime}: ${requests} honest requests alone, ${requests} with ${hostile} hostile ones (seed ${seed})`,
    );
    const honest = honestRequests(DIGITS);
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    /** @param {number} count @param {(done: number) => void} [onAnswer] */
    const send = (count, onAnswer) => load(server.port, honest, { count, connections, agent, onAnswer });

    const first = new Attack(server.port, WARM_UP * hostile, seed + 1);
    const count = Math.max(DIGITS, WARM_UP * requests);
    await send(count, (done) => first.keepUp(done / count));
    await first.settle();
    const before = await atRest();
    const from = samples.length;

    const attack = new Attack(server.port, hostile, seed);
    const [alone, attacked] = [new Tally(), new Tally()];
    for (let round = 0; round < ROUNDS; round++) {
      const [start, end] = [Math.floor((round * requests) / ROUNDS), Math.floor(((round + 1) * requests) / ROUNDS)];
      for (const tally of [alone, attacked]) {
        const begun = performance.now();
        const onAnswer =
          tally === attacked ? (/** @type {number} */ done) => attack.keepUp((start + done) / requests) : undefined;
        tally.add(await send(end - start, onAnswer), (performance.now() - begun) / 1000);
        await attack.settle();
      }
    }
    const resident = residentOf(samples.slice(from));
    const after = await atRest();
    agent.destroy();
    server.process.kill('SIGTERM');

    alone.print('honest alone');
    attacked.print('with hostile ones');
    attack.print();
    return judge({ alone, attacked, attack, before, after, resident, requests, exitCode: await server.exit });
  } finally {
    server.process.kill('SIGKILL');
  }
}

/**
 * Prints each promise with its figures. Returns whether all of them hold.
 *
 * @param {{ alone: Tally, attacked: Tally, attack: Attack, before: MemorySample, after: MemorySample, requests: number,
 *   resident: { middle: number, last: number }, exitCode: number | null }} figures
 */
function judge({ alone, attacked, attack, before, after, resident, requests, exitCode }) {
  const [failed, right] = [
    alone.faults.length + attacked.faults.length,
    (alone.right + attacked.right) / (2 * requests),
  ];
  const ratio = attacked.p99 / alone.p99;
  const { middle, last } = resident;
  /** @type {[boolean, string][]} */
  const promises = [
    [failed === 0, `honest requests answered 200: ${2 * requests - failed} of ${2 * requests}`],
    [right >= 0.95, `right digits: ${(100 * right).toFixed(1)} %`],
    [
      attack.faults.length === 0,
      `hostile requests answered as they may be: ${attack.count - attack.faults.length} of ${attack.count}`,
    ],
    [!attack.statuses.has('500'), 'none answered 500'],
    [
      after.reserved === before.reserved && after.wasm === before.wasm && after.arrays === before.arrays,
      `wasm heap flat: ${mib(before.reserved)} with ${before.arrays} arrays (${before.wasm} bytes), ` +
        `then ${mib(after.reserved)} with ${after.arrays} (${after.wasm})`,
    ],
    [exitCode === 0, `exit code after SIGTERM: ${exitCode}`],
  ];
  /** @type {[boolean, string][]} */
  const judgedWhenLong = [
    [after.live <= 1.1 * before.live, `objects and buffers flat: ${mib(before.live)}, then ${mib(after.live)}`],
    [last <= 1.15 * middle, `resident memory flat: ${mib(middle)}, then ${mib(last)}`],
    [ratio <= 3, `p99 with hostile requests: ${ratio.toFixed(2)} times that without, at most 3`],
  ];
  const isLong = requests >= ENOUGH;
  const judged = isLong ? [...promises, ...judgedWhenLong] : promises;
  for (const [holds, promise] of judged) console.log(`  ${holds ? '✓' : '✗'} ${promise}`);
  if (!isLong) for (const [, promise] of judgedWhenLong) console.log(`  – ${promise} (not judged)`);
  return judged.every(([holds]) => holds);
}
