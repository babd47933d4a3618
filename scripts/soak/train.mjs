// @ts-check
/** Trainings of many steps: memory is flat. See `usage`. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openPage } from '../page.mjs';
import { root } from '../stages.mjs';

/** @typedef {import('./train/training.mjs').Task} Task */

/**
 * A sample with the resident memory of the processes that compute; null where the system does not tell.
 * @typedef {import('./train/training.mjs').Sample & { resident: number | null }} Sample
 */

/** The number of memory samples in a training. */
const SAMPLES = 30;

/** The share by which peaks may grow. */
const SLACK = { arrays: 0.05, bytes: 0.05, reserved: 0.05, resident: 0.1 };

/** Shorter trainings than this are not judged: most of one would be warm-up. */
const ENOUGH = 1000;

export const usage = `trainings of many steps: memory is flat, and the losses go down

A small convolutional network learns in a process, or a page, of its own. Its memory is looked at after each step. ${SAMPLES} times the
peaks since the time before are noted, and garbage is collected; each tenth prints what was noted. The first fifth is the warm-up. It
holds that

- in the last four tenths the peaks of arrays, of their bytes, and of the memory that the device reserved are at most 5 % above those of
  the four tenths before them;
- the median resident memory of the last third is at most 10 % above that of the middle third;
- each loss is a number, and the mean of the last tenth is below that of the first.

  --device wasm|webgl  wasm: in Node; webgl: WebGL2 in Chromium (wasm)
  --steps N            steps of the first training (10000 on wasm, 2000 on WebGL2)
  --only NAMES         some of the trainings, by commas: loop, trainer, threads, replicas; on WebGL2: loop, trainer (all)

The first is a loop written by hand, without scopes. A fifth of its steps take a Trainer, and the loop with two threads; a half a Trainer
whose ParallelUpdater has two threads, since the heaps of two isolates take longer to settle. Memory is judged from ${ENOUGH} steps on.`;

/** @type {Record<string, Pick<Task, 'how' | 'threads'> & { share: number }>} */
const TRAININGS = {
  loop: { how: 'loop', threads: 1, share: 1 },
  trainer: { how: 'trainer', threads: 1, share: 0.2 },
  threads: { how: 'loop', threads: 2, share: 0.2 },
  replicas: { how: 'replicas', threads: 2, share: 0.5 },
};

/** @param {readonly string[]} args */
function optionsOf(args) {
  const { values } = parseArgs({
    args: [...args],
    options: { device: { type: 'string', default: 'wasm' }, steps: { type: 'string' }, only: { type: 'string' } },
  });
  const { device } = values;
  if (device !== 'wasm' && device !== 'webgl')
    throw new Error(`soak train: --device is '${device}', expected wasm or webgl`);
  const steps = values.steps ?? (device === 'wasm' ? '10000' : '2000');
  if (!/^\d+$/.test(steps) || Number(steps) < SAMPLES)
    throw new Error(`soak train: --steps is '${steps}', expected a whole number, ${SAMPLES} or more`);
  const known = device === 'wasm' ? Object.keys(TRAININGS) : ['loop', 'trainer'];
  const names = values.only?.split(',') ?? known;
  for (const name of names)
    if (!known.includes(name)) throw new Error(`soak train: --only '${name}', expected some of ${known.join(', ')}`);
  return { device: /** @type {Task['device']} */ (device), steps: Number(steps), names };
}

/** Runs a training in a process of its own. @param {Task} task @param {(sample: Sample) => void} report */
function inNode(task, report) {
  return new Promise((resolve, reject) => {
    const child = fork(`${root}/scripts/soak/train/in-node.mjs`, [JSON.stringify(task)], {
      execArgv: ['--expose-gc'],
      serialization: 'advanced', // JSON has no NaN
    });
    child.on('message', (sample) => report(/** @type {Sample} */ (sample)));
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      code === 0 ? resolve(undefined) : reject(new Error(`the training ended with ${signal ?? `code ${code}`}`)),
    );
  });
}

/** The resident memory of processes, in bytes; null on systems without /proc. @param {readonly number[]} ids */
function residentOf(ids) {
  try {
    let kilobytes = 0;
    for (const id of ids)
      kilobytes += Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0);
    return kilobytes * 1024;
  } catch {
    return null;
  }
}

/** Runs a training in a page of its own. @param {Task} task @param {(sample: Sample) => void} report */
async function inPage(task, report) {
  const folders = { '/rensa/': `${root}/dist/`, '/train/': `${root}/scripts/soak/train/` };
  const { page, close } = await openPage(folders, '/train/page.mjs', {}, ['--js-flags=--expose-gc']);
  try {
    const browser = /** @type {import('playwright').Browser} */ (page.context().browser());
    const session = await browser.newBrowserCDPSession();
    await page.exposeFunction('sampled', async (/** @type {import('./train/training.mjs').Sample} */ sample) => {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const computing = processInfo.filter(({ type }) => /gpu|renderer/i.test(type));
      report({ ...sample, resident: residentOf(computing.map(({ id }) => id)) });
    });
    await page.evaluate((given) => /** @type {any} */ (window).train(given), task);
  } finally {
    await close();
  }
}

/** @param {readonly number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** @param {number} bytes */
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/**
 * The promises that a training breaks.
 * @param {readonly Sample[]} samples
 * @param {number} steps
 * @returns {string[]}
 */
export function faultsOf(samples, steps) {
  const faults = [];
  if (samples.length < SAMPLES) faults.push(`there are ${samples.length} samples of ${SAMPLES}`);
  if (!samples.every(({ loss }) => Number.isFinite(loss))) faults.push('a loss is not a number');
  if (steps < ENOUGH || faults.length > 0) return faults;
  const tenth = Math.floor(samples.length / 10);
  /** @param {readonly Sample[]} part */
  const meanLoss = (part) => part.reduce((sum, { loss }) => sum + loss, 0) / part.length;
  const [first, last] = [meanLoss(samples.slice(0, tenth)), meanLoss(samples.slice(-tenth))];
  if (!(last < first)) faults.push(`the mean loss went from ${first} to ${last}`);

  // Used memory waits to be freed, so single samples swing. Compare peaks.
  const [before, after] = [samples.slice(2 * tenth, 6 * tenth), samples.slice(6 * tenth)];
  for (const what of /** @type {const} */ (['arrays', 'bytes', 'reserved'])) {
    /** @param {readonly Sample[]} part */
    const peak = (part) => Math.max(...part.map((sample) => sample[what]));
    if (peak(after) > peak(before) * (1 + SLACK[what]))
      faults.push(`the peak of ${what} went from ${peak(before)} to ${peak(after)}`);
  }
  const third = Math.floor(samples.length / 3);
  const resident = samples.flatMap((sample) => sample.resident ?? []);
  const [middle, end] = [median(resident.slice(third, 2 * third)), median(resident.slice(2 * third))];
  if (resident.length === samples.length && end > middle * (1 + SLACK.resident))
    faults.push(`resident memory went from ${mib(middle)} to ${mib(end)}`);
  return faults;
}

/** @param {readonly string[]} args */
export async function soak(args) {
  const { device, steps, names } = optionsOf(args);
  let isFlat = true;
  for (const name of names) {
    const { how, threads, share } = TRAININGS[name];
    const task = { how, device, threads, steps: Math.max(SAMPLES, Math.round(steps * share)), samples: SAMPLES };
    console.log(`\n${name}: ${task.steps} steps on ${device}, ${threads === 1 ? 'one thread' : `${threads} threads`}`);
    console.log('    step   arrays        bytes     reserved     resident      loss');
    /** @type {Sample[]} */
    const samples = [];
    const start = performance.now();
    await (device === 'wasm' ? inNode : inPage)(task, (sample) => {
      samples.push(sample);
      if (samples.length % (SAMPLES / 10) !== 0) return;
      const { step, arrays, bytes, reserved, resident, loss } = sample;
      const columns = [arrays, bytes, mib(reserved), resident === null ? '–' : mib(resident)];
      const text = columns.map((column, k) => String(column).padStart(k === 0 ? 9 : 13)).join('');
      console.log(`${String(step).padStart(8)}${text}${loss.toFixed(4).padStart(10)}`);
    });
    const faults = faultsOf(samples, task.steps);
    for (const fault of faults) console.error(`${name}: ${fault}`);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const verdict = faults.length > 0 ? 'NOT FLAT' : task.steps < ENOUGH ? 'too short to judge' : 'flat';
    console.log(`${name}: ${verdict}, ${seconds} s`);
    isFlat &&= faults.length === 0;
  }
  return isFlat;
}
