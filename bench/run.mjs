/**
 * The benchmark suite: `npm run bench` runs all entries in all runtimes, `npm run bench -- NAME…` those named;
 * `--on node-20,chromium` only there, `--report` only writes the report of what was measured before.
 */
import { ENTRIES } from './entries/index.mjs';
import { keep } from './results.mjs';
import { HEADINGS, rowsOf } from './rows.mjs';
import { runtimes } from './runtimes.mjs';

const parsed = { names: [], on: null, reportOnly: false };
for (const [i, argument] of process.argv.slice(2).entries()) {
  if (argument === '--report') parsed.reportOnly = true;
  else if (argument === '--on') parsed.on = (process.argv[i + 3] ?? '').split(',');
  else if (process.argv[i + 1] !== '--on') parsed.names.push(argument);
}
const all = runtimes();
const refuse = (kind, unknown, known) => {
  if (unknown.length === 0) return;
  console.error(`bench: no ${kind} ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
};
refuse(
  'entry',
  parsed.names.filter((name) => !(name in ENTRIES)),
  Object.keys(ENTRIES),
);
const known = all.map(({ name }) => name);
refuse(
  'runtime',
  (parsed.on ?? []).filter((name) => !known.includes(name)),
  known,
);

/** Prints a table of one result. */
function print(result, machine) {
  const rows = [HEADINGS, ...rowsOf(result, machine)];
  const widths = HEADINGS.map((_, k) => Math.max(...rows.map((row) => row[k].length)));
  console.log(`\n  ${result.title}`);
  for (const row of rows) {
    const cells = row.map((cell, k) => (k === 0 || k === 6 ? cell.padEnd(widths[k]) : cell.padStart(widths[k])));
    console.log(`    ${cells.join('  ').trimEnd()}`);
  }
  for (const note of result.notes ?? []) console.log(`    ${note}`);
}

let failures = 0;
const chosen = parsed.names.length > 0 ? parsed.names : Object.keys(ENTRIES);
for (const runtime of parsed.reportOnly ? [] : all) {
  if (parsed.on && !parsed.on.includes(runtime.name)) continue;
  for (const entry of chosen) {
    const { title, runsIn } = ENTRIES[entry];
    if (!runsIn.includes(runtime.kind)) continue;
    const results = [];
    try {
      const machine = await runtime.run(entry, (result) => results.push(result));
      console.log(
        `\n${title}, ${runtime.version}; peak ${machine.gflops.toFixed(1)} GFLOP/s (${machine.simd}), ${machine.gbps.toFixed(1)} GB/s`,
      );
      for (const result of results) print(result, machine);
      keep(runtime, entry, title, machine, results);
    } catch (error) {
      failures++;
      console.error(`\n${title}, ${runtime.version}: ${error.message}`);
    }
  }
}
const { writeReport } = await import('./report.mjs');
console.log(`\nwritten to ${await writeReport()}`);
process.exit(failures > 0 ? 1 : 0);
