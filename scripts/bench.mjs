// @ts-check
/**
 * `npm run bench [-- NAME…]`: builds the package, installs the peers beside it, and runs the suite of bench/. `--run FILE` first
 * runs another program there: `npm run onnx-check [-- NAME…]`.
 */
import { existsSync } from 'node:fs';
import { buildPackage } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { root, run, runStages } from './stages.mjs';

const [first, file, ...rest] = process.argv.slice(2);
const program = first === '--run' ? [file, ...rest] : ['bench/run.mjs', ...process.argv.slice(2)];

await runStages({
  install: ensureInstalled,
  build: buildPackage,
  'install peers': () => {
    if (!existsSync(`${root}/bench/node_modules`)) run('npm', ['ci', '--prefix', 'bench', '--no-audit', '--no-fund']);
  },
  [program[0]]: () => run(process.execPath, program),
});
