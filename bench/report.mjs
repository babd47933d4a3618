/** The report of all kept measurements: bench/results/report.md with charts. */
import { chart } from './charts.mjs';
import { allKept, writeWhole } from './results.mjs';
import { HEADINGS, rowsOf } from './rows.mjs';

const table = (headings, rows) =>
  [headings, headings.map((_, k) => (k === 0 ? '---' : '---:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

function sectionOf(runtime, name, { title, date, machine, results }) {
  const picture = `${runtime}-${name}.svg`;
  writeWhole(picture, chart(title, results));
  const parts = results.map((result) =>
    [
      `#### ${result.title}`,
      table(HEADINGS, rowsOf(result, machine)),
      ...(result.notes ?? []).map((note) => `- ${note}`),
    ].join('\n\n'),
  );
  return [
    `### ${title}`,
    `\`npm run bench -- ${name} --on ${runtime}\`, ${date.slice(0, 16).replace('T', ' ')} UTC, ${machine.runtime} on ${machine.cores} cores of ${machine.cpu}. ` +
      `Peaks in this run: ${machine.gflops.toFixed(1)} GFLOP/s a thread (${machine.simd} SIMD, registers only), ${machine.gbps.toFixed(1)} GB/s.`,
    `![${title}](${picture})`,
    '<details><summary>All figures</summary>',
    ...parts,
    '</details>',
  ].join('\n\n');
}

/** Writes the report and its charts; returns its name. */
export async function writeReport() {
  const text = [
    '# Measurements',
    'Least and median milliseconds of interleaved runs, each contestant in turn, in one process; answers are compared before ' +
      'anything is timed, and what is missing says why. Ratios and shares are of the least times. A share above 100 % is ' +
      "Winograd's algorithm, which makes fewer multiplications than are counted, or native code, which has wider vectors.",
    ...allKept().map(({ runtime, entries }) =>
      [`## ${runtime}`, ...Object.entries(entries).map(([name, entry]) => sectionOf(runtime, name, entry))].join(
        '\n\n',
      ),
    ),
  ].join('\n\n');
  writeWhole('report.md', `${text}\n`);
  return 'bench/results/report.md';
}
