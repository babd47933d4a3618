// @ts-check
/**
 * `npm test`: everything that must hold before a change is good, from a fresh clone on: build, lint, sizes, types and the
 * first part of the tests. Arguments go to vitest: `npm test -- --project node test/backends`.
 *
 * `npm test -- --all` runs every part of the tests (see test-parts.mjs), also those that need other runtimes. A part that
 * fails does not stop the next one. Each part writes its results to build/test-results/; the times and budgets stand at the end.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { buildPackage } from './build.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { checkSizes } from './sizes.mjs';
import { allOf, CommandFailed, root, run, runBeside, runStages } from './stages.mjs';
import { FOLDERS_APART, PARTS, reportOf } from './test-parts.mjs';

const RESULTS = 'build/test-results';

/** The budget of everything before the tests, in minutes. */
const MINUTES_BEFORE = 2;

const runsAll = process.argv.includes('--all');
const forVitest = process.argv.slice(2).filter((argument) => argument !== '--all');

function installApart() {
  for (const folder of FOLDERS_APART) {
    if (!existsSync(`${root}/${folder}/node_modules`))
      run('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund']);
  }
}

/** Runs every part, then prints the time of each beside its budget. @param {number} secondsBefore */
function runAllParts(secondsBefore) {
  rmSync(`${root}/${RESULTS}`, { recursive: true, force: true });
  mkdirSync(`${root}/${RESULTS}`, { recursive: true });
  /** @type {[string, import('./test-parts.mjs').Part][]} */
  const parts = Object.entries(PARTS);
  const rows = [{ name: 'before the tests', seconds: secondsBefore, minutes: MINUTES_BEFORE, failed: false }];
  for (const [name, { minutes, args, env }] of parts) {
    console.log(`\n— ${name}`);
    const start = performance.now();
    let failed = false;
    try {
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportOf(RESULTS, name)}`];
      run('vitest', ['run', ...args, ...forVitest, ...reporters], { RENSA_PART: name, ...env });
    } catch (error) {
      console.error(error instanceof CommandFailed ? error.message : error);
      failed = true;
    }
    rows.push({ name, seconds: (performance.now() - start) / 1000, minutes, failed });
  }
  console.log(`\n${'part'.padEnd(18)}${'minutes'.padStart(9)}${'budget'.padStart(9)}`);
  for (const { name, seconds, minutes, failed } of rows) {
    const remarks = `${seconds / 60 > minutes ? '  over budget' : ''}${failed ? '  failed' : ''}`;
    console.log(`${name.padEnd(18)}${(seconds / 60).toFixed(1).padStart(9)}${String(minutes).padStart(9)}${remarks}`);
  }
  if (rows.some(({ failed }) => failed)) process.exit(1);
}

await runStages({
  install: ensureInstalled,
  chromium: ensureChromium,
  build: buildPackage,
  'lint, sizes, types': () =>
    allOf([runBeside('npm', ['run', '--silent', 'lint']), runBeside('tsc', ['--noEmit']), checkSizes()]),
  ...(runsAll
    ? { 'install runtimes': installApart }
    : { tests: () => run('vitest', ['run', ...forVitest], forVitest.length > 0 ? {} : { RENSA_PART: 'tests' }) }),
});
if (runsAll) runAllParts(performance.now() / 1000); // the clock of `performance` starts with the process
