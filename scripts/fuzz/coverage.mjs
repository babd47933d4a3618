// @ts-check
/**
 * The lines of the readers of files and graphs that the fuzzers reached. Node records them, and c8 maps them to the
 * sources.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { root, run } from '../stages.mjs';

const OUT = `${root}/build/fuzz/coverage`;

/** The folder into which children write their coverage. */
export const RAW = `${OUT}/raw`;

const INCLUDED = ['src/formats/**', 'src/graph/onnx/**'];

/** What nothing here can reach. */
const ELSEWHERE = [
  'src/formats/browser-picture.ts', // pages only
  'src/formats/jpeg/absent.ts', // pages only
  'src/formats/md5.ts', // sums of downloads
  'src/formats/sha256.ts',
];

/** The least share of all lines that the fuzzers must reach, in percent. */
const LEAST = 90;

/** Forgets the last run's coverage. */
export function beginCoverage() {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(RAW, { recursive: true });
}

/** Prints the lines reached, file by file. @returns whether they are enough. */
export function reportCoverage() {
  run('c8', [
    'report',
    ...['--temp-directory', RAW, '--reports-dir', OUT, '--reporter', 'json-summary', '--reporter', 'json'],
    ...['--exclude-after-remap', '--merge-async'],
    ...INCLUDED.flatMap((pattern) => ['--include', pattern]),
    ...ELSEWHERE.flatMap((pattern) => ['--exclude', pattern]),
  ]);
  /** @type {Record<string, { lines: { total: number, covered: number, pct: number } }>} */
  const summary = JSON.parse(readFileSync(`${OUT}/coverage-summary.json`, 'utf8'));
  const { total, ...files } = summary;
  const rows = Object.entries(files).sort(([, a], [, b]) => a.lines.pct - b.lines.pct);
  for (const [file, { lines }] of rows)
    console.log(
      `${lines.pct.toFixed(1).padStart(6)} %  ${String(lines.total).padStart(4)} lines  ${relative(root, file)}`,
    );
  const { covered, total: all, pct } = total.lines;
  console.log(
    `${pct.toFixed(1).padStart(6)} %  ${covered} of ${all} lines of ${INCLUDED.join(' and ')}, expected ${LEAST} %`,
  );
  return pct >= LEAST;
}
