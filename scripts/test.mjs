// @ts-check
/**
 * `npm test`: everything that must hold before a change is good, from a fresh clone on. Arguments go to vitest:
 * `npm test -- --project node test/backends`.
 */
import { buildPackage } from './build.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { run, runStages } from './stages.mjs';

await runStages({
  install: ensureInstalled,
  chromium: ensureChromium,
  build: buildPackage,
  lint: () => run('npm', ['run', '--silent', 'lint']),
  typecheck: () => run('tsc', ['--noEmit']),
  tests: () => run('vitest', ['run', ...process.argv.slice(2)]),
});
