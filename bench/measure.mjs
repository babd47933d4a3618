/**
 * Interleaved timing: contestants take turns, so that a machine that slows down slows all of them. The results are
 * minimum and median. Contestants whose answers differ from the first one's are not timed.
 */

/**
 * @typedef {{ run: () => unknown, read?: () => ArrayLike<number> | Promise<ArrayLike<number>>, free?: () => unknown }} Ready
 *   `run` does the whole work once, and is awaited; `read` does it too and gives the answer, before anything is timed.
 * @typedef {{ name: string, prepare: () => Ready | Promise<Ready> }} Contestant one that throws is missing, for that reason.
 * @typedef {{ name: string, samples: number, min: number, median: number }} Timing milliseconds a run.
 * @typedef {{ name: string, missing: string }} Missing
 * @typedef {{ title: string, contestants: Contestant[], tolerance?: number, budgetMs?: number, flops?: number, bytes?: number,
 *   calls?: number, threads?: number, notes?: string[] }} Case
 *   `tolerance` of answers, relative to the largest element of the first one's; `budgetMs` for the samples of each contestant;
 *   `flops` and `bytes` of one run; `calls` of which one run is made; more `threads` than one are given time to fall asleep;
 *   `notes` are printed below the figures.
 */

/** A sample lasts at least this long, so that the clock's resolution does not count. */
export const SAMPLE_MS = 4;
/** Clocks of pages tick this often at worst. */
const VISIBLE_MS = 0.1;
export const ROUNDS = 25;
/** The total length of a contestant's samples, unless its case sets another. */
export const BUDGET_MS = 1_200;
const WARM_MS = 100;
/** Workers of the peers look for work for some milliseconds before they sleep. */
const SETTLE_MS = 30;

/** Whether a contestant is Rensa. */
export const isOurs = ({ name }) => name.startsWith('rensa');

/**
 * Prepares the contestants of a case, compares their answers, and times in turns those that agree.
 *
 * @param {Case} what
 * @returns {Promise<{ title: string, flops?: number, bytes?: number, calls?: number, timings: (Timing | Missing)[] }>}
 */
export async function measureCase({ contestants, tolerance = 1e-4, budgetMs = BUDGET_MS, threads = 1, ...what }) {
  const able = [];
  const missing = new Map();
  let reference = null;
  for (const contestant of contestants) {
    const { name, prepare } = contestant;
    try {
      const { run, read, free } = await prepare();
      const answer = read ? Float32Array.from(await read()) : null;
      if (answer) reference ??= answer;
      if (answer) expectAgreement(reference, answer, tolerance);
      able.push({ name, run, free });
    } catch (error) {
      if (isOurs(contestant)) throw new Error(`${what.title}, ${name}: ${error.message}`, { cause: error });
      missing.set(name, error.message.split('\n')[0]);
    }
  }
  const timings = await interleave(able, { budgetMs, threads });
  for (const { free } of able) await free?.();
  const find = ({ name }) => timings.find((timing) => timing.name === name) ?? { name, missing: missing.get(name) };
  return { ...what, timings: contestants.map(find) };
}

/**
 * Times contestants in turns: up to ROUNDS samples each. A slow contestant gets fewer, within its budget, but at least
 * one after its first run.
 * @param {readonly { name: string, run: () => unknown }[]} contestants
 * @param {{ budgetMs: number, threads: number }} options
 * @returns {Promise<Timing[]>}
 */
async function interleave(contestants, { budgetMs, threads }) {
  const plans = [];
  for (const { name, run } of contestants) {
    const once = await warmUp(run, budgetMs);
    const repeats = Math.max(1, Math.ceil(SAMPLE_MS / once));
    const turns = Math.min(ROUNDS, Math.floor(budgetMs / (once * repeats)));
    plans.push({ name, run, repeats, turns, samples: [once] });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const plan of plans) {
      // The turns of a contestant are spread over the whole run.
      const due = Math.floor(((round + 1) * plan.turns) / ROUNDS) > Math.floor((round * plan.turns) / ROUNDS);
      if (!due) continue;
      if (threads > 1) await settle(plan.run);
      plan.samples.push(await time(plan.run, plan.repeats));
    }
  }
  return plans.map(({ name, samples }) => {
    samples.sort((a, b) => a - b);
    return { name, samples: samples.length, min: samples[0], median: samples[samples.length >> 1] };
  });
}

/** Repeats a short run until the engine has compiled it twice, and gives the milliseconds of one run after that. */
export async function warmUp(run, budgetMs) {
  const first = await time(run, 1);
  for (const end = performance.now() + WARM_MS; first < WARM_MS && performance.now() < end; ) await time(run, 1);
  return first > 2 * budgetMs ? first : timeOfOne(run);
}

/**
 * Waits until the workers of the last contestant stop looking for work on this contestant's cores, and wakes its own
 * workers.
 */
export async function settle(run) {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  await run();
}

/** The time of one run, over as many runs as a coarse clock needs. */
async function timeOfOne(run) {
  for (let repeats = 1; ; repeats *= 4) {
    const once = await time(run, repeats);
    if (once * repeats >= VISIBLE_MS) return once;
  }
}

/** The milliseconds of one run, as the mean of `repeats` in a row. */
export async function time(run, repeats) {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return (performance.now() - start) / repeats;
}

/** @throws Error if answers differ by more than `tolerance` of the largest element of the expected one. */
export function expectAgreement(expected, got, tolerance = 1e-4) {
  if (expected.length !== got.length) throw new Error(`answers of ${expected.length} and ${got.length} elements`);
  let largest = 1e-6;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    // A NaN counts as a difference, and Math.max keeps it.
    difference = Math.max(difference, Math.abs(expected[i] - got[i]));
  }
  if (!(difference <= tolerance * largest))
    throw new Error(`the answers differ by ${(difference / largest).toExponential(1)} of the largest`);
}
