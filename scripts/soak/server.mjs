// @ts-check
/**
 * The example server, asked by honest clients alone and then with hostile requests in between. What must hold is in `usage`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../stages.mjs';
import { honestRequests } from './server/honest-requests.mjs';
import { faultOf, hostileRequests } from './server/hostile-requests.mjs';
import { load } from './server/load.mjs';
import { mutantOf, randomOf } from './server/mutants.mjs';
import { exchange } from './server/raw-http.mjs';
import { RUNTIMES, startServer } from './server/start-server.mjs';

/** @typedef {import('./server/report-memory.mjs').MemorySample} MemorySample */

/** Runs of fewer requests than this judge neither latency nor memory: both need many samples. */
const ENOUGH = 5000;

/** The share of all requests that is sent before anything is measured: code is compiled, and heaps grow to what the load needs. */
const WARM_UP = 0.5;

/** Different honest requests. */
const DIGITS = 200;

export const usage = `the example server under honest and hostile requests: memory, answers, latency

Starts examples/edge-worker and asks it for digits over --connections connections, in two phases of --requests requests: honest ones alone,
and honest ones with --hostile hostile ones in between, after a warm-up with half as many of both. It holds that

- each honest request is answered 200, and 95 % of the digits are right;
- each hostile request gets one of the answers that its kind allows: never 500;
- memory is flat: after both phases the server's objects and buffers, garbage collected, take at most 10 % more than after the warm-up,
  and the wasm heap as much, with as many arrays; and in each phase the median resident memory of the last third is at most 15 % above
  that of the middle third;
- the 99th percentile of honest latencies with hostile requests is at most 3 times that without.

Memory and latency are judged from ${ENOUGH} requests on.

  --requests N      honest requests in each phase (20000)
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

/** @param {readonly number[]} values @param {number} share from 0 to 1 */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** @param {number} bytes */
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** The medians of the resident memory in the middle and in the last third of a phase. @param {readonly MemorySample[]} samples */
function residentOf(samples) {
  const third = Math.floor(samples.length / 3);
  /** @param {readonly MemorySample[]} part */
  const median = (part) =>
    quantile(
      part.map(({ rss }) => rss),
      0.5,
    );
  return { middle: median(samples.slice(third, 2 * third)), last: median(samples.slice(2 * third)) };
}

/** Sends hostile requests beside a load: as large a share of them as is done of the load. */
class Attack {
  #random;
  #requests = hostileRequests();
  /** @type {Promise<void>[]} */
  #sent = [];
  /** @type {Map<string, number>} */
  statuses = new Map();
  /** @type {string[]} */
  faults = [];

  /** @param {number} port @param {number} count @param {number} seed */
  constructor(port, count, seed) {
    this.port = port;
    this.count = count;
    this.#random = randomOf(seed);
  }

  /** @param {number} share of the load that is done, from 0 to 1 */
  keepUp(share) {
    while (this.#sent.length < share * this.count) this.#sent.push(this.#sendOne());
  }

  async #sendOne() {
    const isDamaged = this.#random() < 0.5;
    const one = isDamaged
      ? mutantOf(this.#requests, this.#random)
      : this.#requests[Math.floor(this.#random() * this.#requests.length)];
    const outcome = await exchange(this.port, one.bytes, { ...one, timeout: 20_000 });
    const fault = faultOf(one, outcome);
    if (fault) this.faults.push(fault);
    const status = outcome.statuses.at(-1)?.toString() ?? 'closed';
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }

  async end() {
    await Promise.all(this.#sent);
  }
}

/** Runs the phases and prints what each came to. @param {readonly string[]} args */
export async function soak(args) {
  const { requests, hostile, connections, seed, runtime } = optionsOf(args);
  /** @type {MemorySample[]} */
  let samples = [];
  const server = await startServer(runtime, {
    preload: pathToFileURL(`${root}/scripts/soak/server/report-memory.mjs`).href,
    onLine: (line) => line.startsWith('{') && samples.push(JSON.parse(line)),
  });
  console.log(`${runtime}: ${requests} honest requests alone, then with ${hostile} hostile ones (seed ${seed})`);
  let broken = 0;
  /** @param {boolean} holds @param {string} promise */
  const check = (holds, promise) => {
    if (!holds) broken++;
    console.log(`  ${holds ? '✓' : '✗'} ${promise}`);
  };
  /** What is left of the server's memory at rest. @returns {Promise<MemorySample>} */
  const atRest = async () => {
    await delay(1000);
    samples = [];
    server.process.kill('SIGUSR2');
    for (;;) {
      const left = samples.find(({ collected }) => collected);
      if (left) return left;
      await delay(50);
    }
  };
  const honest = honestRequests(DIGITS);
  const isJudged = requests >= ENOUGH;

  /** @param {string} name @param {(done: number) => void} [onAnswer] */
  const phase = async (name, onAnswer) => {
    samples = [];
    const start = performance.now();
    const { latencies, right, faults } = await load(server.port, honest, { count: requests, connections, onAnswer });
    const seconds = (performance.now() - start) / 1000;
    const { middle, last } = residentOf(samples);
    const [half, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
    console.log(
      `${name}: ${seconds.toFixed(1)} s, ${(requests / seconds).toFixed(0)} requests/s, median ${half.toFixed(1)} ms, ` +
        `p99 ${p99.toFixed(1)} ms; resident ${mib(middle)}, then ${mib(last)}`,
    );
    for (const fault of faults.slice(0, 5)) console.log(`  ${fault}`);
    check(faults.length === 0, `honest requests answered 200: ${requests - faults.length} of ${requests}`);
    check(right >= 0.95 * requests, `right digits: ${((100 * right) / requests).toFixed(1)} %`);
    if (isJudged) check(last <= 1.15 * middle, `resident memory flat: ${mib(last)} ≤ 1.15 × ${mib(middle)}`);
    return p99;
  };

  const first = new Attack(server.port, WARM_UP * hostile, seed + 1);
  const count = Math.max(DIGITS, WARM_UP * requests);
  await load(server.port, honest, { count, connections, onAnswer: (done) => first.keepUp(done / count) });
  await first.end();
  const before = await atRest();
  const alone = await phase('honest alone');
  const attack = new Attack(server.port, hostile, seed);
  const attacked = await phase('with hostile ones', (done) => attack.keepUp(done / requests));
  await attack.end();
  const after = await atRest();

  const answers = [...attack.statuses].sort().map(([status, count]) => `${status}: ${count}`);
  console.log(`hostile: ${answers.join(', ')}`);
  for (const fault of attack.faults.slice(0, 10)) console.log(`  ${fault}`);
  check(
    attack.faults.length === 0,
    `hostile requests answered as they may be: ${hostile - attack.faults.length} of ${hostile}`,
  );
  check(!attack.statuses.has('500'), 'none answered 500');
  check(
    after.reserved === before.reserved && after.wasm === before.wasm && after.arrays === before.arrays,
    `wasm heap flat: ${mib(before.reserved)} with ${before.arrays} arrays (${before.wasm} bytes), ` +
      `then ${mib(after.reserved)} with ${after.arrays} (${after.wasm})`,
  );
  const lives = `objects and buffers flat: ${mib(before.live)}, then ${mib(after.live)}`;
  if (isJudged) check(after.live <= 1.1 * before.live, lives);
  const ratio = attacked / alone;
  if (isJudged) check(ratio <= 3, `p99 with hostile requests: ${ratio.toFixed(2)} times that without, at most 3`);
  else
    console.log(
      `  p99 with hostile requests: ${ratio.toFixed(2)} times that without; not judged, nor is memory but for the wasm heap`,
    );

  server.process.kill('SIGTERM');
  check((await server.exit) === 0, 'exit code 0 after SIGTERM');
  return broken === 0;
}
