// @ts-check
/** Takes WebGL2 away from a page that computes, at random moments. See `usage`. */
import { parseArgs } from 'node:util';
import { openPage } from '../page.mjs';
import { root } from '../stages.mjs';

export const usage = `losses of WebGL2 contexts and of the GPU process: each is a typed error, none is silent

  --losses N   how many, half of each kind (200)
  --seed S     repeats what is chosen at random (from the clock); moments of kills depend on the machine too

A page in Chromium trains, reads, saves, compiles and pages arrays out. Meanwhile its context is taken away before a random command
of WebGL2, or the browser's GPU process is killed, each third time twice. Every value that is read must be right; otherwise a DeviceLostError must come.
Afterwards arrays of which the host has a copy must be right, others must say that they are lost, and new work must run.`;

/** Chromium refuses WebGL to pages whose GPU process died often, unless it is told not to. */
const FLAGS = ['--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'];

/** The longest time from the start of a workload to the end of the GPU process, in milliseconds. */
const LONGEST_DELAY = 600;

/** How long one loss may take before the page counts as hanging, in milliseconds. */
const HANGING = 60_000;

/**
 * The operating system's number of the GPU process.
 * @param {import('playwright').CDPSession} browserSession
 * @returns {Promise<number | undefined>}
 */
async function gpuProcess(browserSession) {
  const { processInfo } = await browserSession.send('SystemInfo.getProcessInfo');
  return processInfo.find(({ type }) => /gpu/i.test(type))?.id;
}

/**
 * Kills the GPU process after each of some delays.
 * @param {import('playwright').CDPSession} browserSession
 * @param {readonly number[]} delays in milliseconds
 */
async function killGpuProcess(browserSession, delays) {
  for (const delay of delays) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    while (!(await killNow(browserSession))) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Whether a GPU process was there to be killed: after the last one's end the browser takes a while to start another.
 * @param {import('playwright').CDPSession} browserSession
 */
async function killNow(browserSession) {
  const id = await gpuProcess(browserSession);
  if (id === undefined) return false;
  try {
    return process.kill(id, 'SIGKILL');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false; // it has just ended
    throw error;
  }
}

/** When the GPU process is killed: each third time twice, so that the page that waits for its context loses it again. @param {number} n */
function delaysOf(n) {
  const delay = (/** @type {number} */ prime) => (LONGEST_DELAY * ((n * prime) % 1000)) / 1000;
  return n % 3 === 0 ? [delay(7919), delay(6271)] : [delay(7919)];
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {string} what
 * @returns {Promise<T>}
 */
function inTime(promise, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const tooLate = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} hangs`)), HANGING);
  });
  return /** @type {Promise<T>} */ (Promise.race([promise, tooLate])).finally(() => clearTimeout(timer));
}

/** @typedef {import('./losses/page.mjs').PagesHalf} PagesHalf */

/**
 * Forces losses and judges them.
 * @param {number} count
 * @param {number} seed
 * @param {(outcome: import('./losses/page.mjs').Outcome & { kind: string, index: number }) => void} report
 */
export async function forceLosses(count, seed, report) {
  const folders = { '/rensa/': `${root}/dist/`, '/losses/': `${root}/scripts/soak/losses/` };
  const { page, close } = await openPage(folders, '/losses/page.mjs', {}, FLAGS);
  try {
    const browser = /** @type {import('playwright').Browser} */ (page.context().browser());
    const browserSession = await browser.newBrowserCDPSession();
    const half = await page.evaluateHandle(() => /** @type {{ losses: Promise<PagesHalf> }} */ (Object(window)).losses);
    for (let index = 0; index < count; index++) {
      const kind = index % 2 === 0 ? 'context' : 'GPU process';
      const ofLoss = seed + index;
      const work =
        kind === 'context'
          ? half.evaluate((page, n) => page.loseContext(n), ofLoss)
          : Promise.all([
              half.evaluate((page, n) => page.computeUntilLoss(n), ofLoss),
              killGpuProcess(browserSession, delaysOf(ofLoss)),
            ]).then(([outcome]) => outcome);
      report({ ...(await inTime(work, `loss ${index} (${kind}, seed ${seed})`)), kind, index });
    }
  } finally {
    await close();
  }
}

/** @param {readonly string[]} args */
export async function soak(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      losses: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    },
  });
  const [count, seed] = [Number(values.losses), Number(values.seed)];
  console.log(`losses: ${count}, seed ${seed}`);
  let faults = 0;
  /** @type {Map<string, { error: number, finished: number }>} */
  const table = new Map();
  const start = performance.now();
  await forceLosses(count, seed, ({ kind, index, workload, fault, end }) => {
    const row = `${kind.padEnd(12)} ${workload}`;
    const counts = table.get(row) ?? { error: 0, finished: 0 };
    counts[end]++;
    table.set(row, counts);
    if (fault === null) return;
    faults++;
    console.error(`loss ${index} (${kind}, ${workload}, seed ${seed}): ${fault}`);
  });
  console.log(`\nlost         while computing              DeviceLostError  all values right`);
  for (const [row, { error, finished }] of [...table].sort()) {
    console.log(`${row.padEnd(42)}${String(error).padStart(15)}${String(finished).padStart(18)}`);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`\n${count} losses in ${seconds} s: ${faults === 0 ? 'each typed, none silent' : `${faults} faults`}`);
  return faults === 0;
}
