/** What the suite shows and keeps: a table in the terminal, JSON in bench/results/. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** @typedef {import('./measure.mjs').Timing} Timing */
/** @typedef {{ entry: string, title: string, timings: Timing[], notes: string[] }} Result */

const ms = (value) => (value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toFixed(4));

/** Prints one entry's rows; ratios are of medians, over the first contestant, which is ours. */
export function printResult({ title, timings, notes }) {
  console.log(`\n${title}`);
  const width = Math.max(...timings.map((t) => t.name.length));
  console.log(`  ${''.padEnd(width)}  ${'min ms'.padStart(10)}  ${'median ms'.padStart(10)}  ${'ratio'.padStart(8)}`);
  for (const { name, min, median } of timings) {
    const ratio = (median / timings[0].median).toFixed(2);
    console.log(
      `  ${name.padEnd(width)}  ${ms(min).padStart(10)}  ${ms(median).padStart(10)}  ${`${ratio}×`.padStart(8)}`,
    );
  }
  for (const note of notes) console.log(`  ${note}`);
}

/** Writes all results with the machine they come from; the file appears whole or not at all. Returns its name. */
export function writeResults(results) {
  const directory = new URL('./results/', import.meta.url);
  mkdirSync(directory, { recursive: true });
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  const text = `${JSON.stringify({ date: new Date().toISOString(), machine, results }, null, 2)}\n`;
  const file = new URL(`node-${process.versions.node.split('.')[0]}.json`, directory);
  const temporary = new URL(`${file.href}.tmp`);
  writeFileSync(temporary, text);
  renameSync(temporary, file);
  return `bench/results/${file.pathname.split('/').pop()}`;
}
