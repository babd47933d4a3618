// @ts-check
/** `npm run bench [-- NAME…]`: builds the package, installs the peers beside it, and runs the suite of bench/. */
import { existsSync } from 'node:fs';
import { buildPackage } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { root, run, runStages } from './stages.mjs';

await runStages({
  install: ensureInstalled,
  build: buildPackage,
  'install peers': () => {
    if (!existsSync(`${root}/bench/node_modules`)) run('npm', ['ci', '--prefix', 'bench', '--no-audit', '--no-fund']);
  },
  bench: () => run(process.execPath, ['bench/run.mjs', ...process.argv.slice(2)]),
});
