/** The benchmark suite: `npm run bench` runs all entries, `npm run bench -- NAME…` those named. */
import { interleave } from './measure.mjs';
import { printResult, writeResults } from './report.mjs';

/** The entries, in the order they run; each module says what it times and against whom. */
const ENTRIES = {
  overhead: () => import('./entries/overhead.mjs'),
  matmul: () => import('./entries/matmul.mjs'),
  'lenet5-inference': () => import('./entries/lenet5-inference.mjs'),
  'lenet5-train': () => import('./entries/lenet5-train.mjs'),
  webgl: () => import('./entries/webgl.mjs'),
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in ENTRIES));
if (unknown.length > 0) {
  console.error(`bench: no entry ${unknown.join(', ')}; there are ${Object.keys(ENTRIES).join(', ')}`);
  process.exit(2);
}

/** An entry gives contestants to time here by `prepare`, or by `measure` the results of what it timed elsewhere. */
async function* resultsOf({ prepare, measure }) {
  if (measure) return yield* measure();
  const { title, contestants, rounds, notesOf = () => [] } = await prepare();
  const timings = await interleave(contestants, { rounds });
  yield { title, timings, notes: notesOf(timings) };
}

const results = [];
for (const entry of names.length > 0 ? names : Object.keys(ENTRIES)) {
  for await (const measured of resultsOf(await ENTRIES[entry]())) {
    const result = { entry, ...measured };
    printResult(result);
    results.push(result);
  }
}
console.log(`\nwritten to ${writeResults(results)}`);
process.exit(0);
