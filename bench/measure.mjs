/**
 * Interleaved timing: contestants take turns, so that a machine that slows down slows all of them, and what is kept is the
 * minimum and the median. It knows nothing of what it times.
 */

/**
 * @typedef {{ name: string, run: () => unknown }} Contestant `run` does the whole work once, and is awaited.
 * @typedef {{ name: string, samples: number, min: number, median: number }} Timing milliseconds a run.
 */

/** A sample lasts at least this long, so that the clock's resolution does not count. */
const SAMPLE_MS = 4;

/**
 * Times contestants in turns.
 *
 * @param {readonly Contestant[]} contestants
 * @param {{ rounds?: number, budgetMs?: number }} [options] `rounds` samples each, fewer for one that would take more than
 *   `budgetMs` in all (but at least three).
 * @returns {Promise<Timing[]>}
 */
export async function interleave(contestants, { rounds = 25, budgetMs = 12_000 } = {}) {
  const plans = [];
  for (const { name, run } of contestants) {
    await run();
    const once = await time(run, 1);
    const repeats = Math.max(1, Math.ceil(SAMPLE_MS / once));
    for (let i = 0; i < 3 && once < 200; i++) await time(run, repeats);
    const turns = Math.max(3, Math.min(rounds, Math.floor(budgetMs / (once * repeats))));
    plans.push({ name, run, repeats, turns, samples: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const plan of plans) {
      // Spread over the whole run, however few the turns.
      const due = Math.floor(((round + 1) * plan.turns) / rounds) > Math.floor((round * plan.turns) / rounds);
      if (due) plan.samples.push(await time(plan.run, plan.repeats));
    }
  }
  return plans.map(({ name, samples }) => {
    samples.sort((a, b) => a - b);
    return { name, samples: samples.length, min: samples[0], median: samples[samples.length >> 1] };
  });
}

async function time(run, repeats) {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return (performance.now() - start) / repeats;
}

/**
 * Refuses to time contestants whose answers differ.
 *
 * @param {string} what
 * @param {ArrayLike<number>} ours
 * @param {ArrayLike<number>} theirs
 * @param {number} tolerance relative to the largest element of ours
 */
export function expectAgreement(what, ours, theirs, tolerance = 1e-4) {
  if (ours.length !== theirs.length) throw new Error(`${what}: ${ours.length} and ${theirs.length} elements`);
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < ours.length; i++) {
    largest = Math.max(largest, Math.abs(ours[i]));
    difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
  }
  if (!(difference <= tolerance * Math.max(1e-6, largest))) {
    throw new Error(`${what}: answers differ by ${difference} (largest element ${largest})`);
  }
}
