// @ts-check
/**
 * `npm test`: everything that must hold before a change is good, from a fresh clone on. Arguments go to vitest:
 * `npm test -- --project node test/backends`; but `--runtimes` also installs the package on the runtimes of
 * test/package/runtimes, runs a part of the tests in checked mode, and writes the API reference.
 */
import { existsSync } from 'node:fs';
import { buildPackage } from './build.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { checkSizes } from './sizes.mjs';
import { root, run, runStages } from './stages.mjs';

/** Folders with packages of their own: what only `--runtimes` needs. */
const APART = ['test/package/runtimes', 'docs/reference'];

const onRuntimes = process.argv.includes('--runtimes');
const forVitest = process.argv.slice(2).filter((argument) => argument !== '--runtimes');

function installApart() {
  for (const folder of APART) {
    if (!existsSync(`${root}/${folder}/node_modules`))
      run('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund']);
  }
}

/** What calls primitives most, once with each call held against its operands: see docs/architecture.md, 'Checked mode'. */
function testChecked() {
  const folders = ['test/ndarray', 'test/backends', 'test/optimizers', 'test/links'];
  run('vitest', ['run', '--project', 'node', ...folders], { RENSA_CHECKED: '1' });
}

await runStages({
  install: ensureInstalled,
  chromium: ensureChromium,
  build: buildPackage,
  lint: () => run('npm', ['run', '--silent', 'lint']),
  sizes: checkSizes,
  typecheck: () => run('tsc', ['--noEmit']),
  ...(onRuntimes ? { 'install runtimes': installApart, 'tests in checked mode': testChecked } : {}),
  tests: () => run('vitest', ['run', ...forVitest], onRuntimes ? { RENSA_RUNTIMES: '1' } : {}),
});
