/**
 * The benchmark suite. `npm run bench` runs all entries in all runtimes, `npm run bench -- NAME…` those named; `--on
 * node-20,chromium` runs them only there, `--report` only writes the report of stored measurements. `--against
 * CHECKOUT` times this checkout's build and the other checkout's in turns, without peers, and stores nothing; `--pairs
 * N` starts each of them N times.
 */
import { BUILDS, chooseAgainst, commitOf, THIS_CHECKOUT } from './builds.mjs';
import { inTurns, ratioOf } from './comparison.mjs';
import { ENTRIES } from './entries/index.mjs';
import { parseOptions } from './options.mjs';
import { keep } from './results.mjs';
import { COMPARED_HEADINGS, comparedRow, HEADINGS, rowsOf } from './rows.mjs';
import { runtimes } from './runtimes.mjs';
import { printTable } from './table.mjs';

/** Measures an entry beside its peers, prints its results and stores them. */
async function measure(runtime, entry, title) {
  const results = [];
  const machine = await runtime.run(entry, (result) => results.push(result));
  console.log(
    `\n${title}, ${runtime.version}; peak ${machine.gflops.toFixed(1)} GFLOP/s (${machine.simd}), ${machine.gbps.toFixed(1)} GB/s`,
  );
  for (const result of results) {
    console.log(`\n  ${result.title}`);
    printTable([HEADINGS, ...rowsOf(result, machine)], { left: 1 });
    for (const note of result.notes ?? []) console.log(`    ${note}`);
  }
  keep(runtime, entry, title, machine, results);
}

/** Times an entry in both builds, `pairs` times from their start, and prints the ratios. */
async function compare(runtime, entry, title, pairs) {
  const rows = new Map();
  for (let pair = 0; pair < pairs; pair++) {
    const sides = [];
    try {
      for (const build of BUILDS) sides.push(await runtime.openSide(entry, build));
      for await (const { title: what, name, samples } of inTurns(sides)) {
        const [ours, theirs] = rows.get(`${what}, ${name}`) ?? [[], []];
        rows.set(`${what}, ${name}`, [ours.concat(samples[0]), theirs.concat(samples[1])]);
      }
    } finally {
      for (const side of sides) await side.close();
    }
  }
  console.log(`\n${title}, ${runtime.version}`);
  printTable([
    COMPARED_HEADINGS,
    ...Array.from(rows, ([what, samples]) => comparedRow(what, samples, ratioOf(samples))),
  ]);
}

/** @returns how many entries failed */
async function runAll({ names, on, against, pairs }, all) {
  let failures = 0;
  const chosen = names.length > 0 ? names : Object.keys(ENTRIES);
  for (const runtime of all) {
    if (on && !on.includes(runtime.name)) continue;
    for (const entry of chosen) {
      const { title, runsIn } = ENTRIES[entry];
      if (!runsIn.includes(runtime.kind)) continue;
      try {
        if (against) await compare(runtime, entry, title, pairs);
        else await measure(runtime, entry, title);
      } catch (error) {
        failures++;
        console.error(`\n${title}, ${runtime.version}: ${error.message}`);
      }
    }
  }
  return failures;
}

async function main() {
  const all = runtimes();
  const options = parseOptions(process.argv.slice(2), {
    entries: Object.keys(ENTRIES),
    runtimes: all.map(({ name }) => name),
  });
  if (options.against) {
    chooseAgainst(options.against);
    console.log(`this: ${commitOf(THIS_CHECKOUT)}; against: ${commitOf(options.against)}, ${options.against}`);
    return runAll(options, all);
  }
  const failures = options.reportOnly ? 0 : await runAll(options, all);
  const { writeReport } = await import('./report.mjs');
  console.log(`\nwritten to ${await writeReport()}`);
  return failures;
}

try {
  process.exit((await main()) > 0 ? 1 : 0);
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exit(2);
}
