// @ts-check
/**
 * `npm run docs`: writes the guide and the API reference as a site into build/docs. Installs the generator, and the TypeScript that it
 * needs, beside its settings, apart from the project's packages.
 */
import { existsSync } from 'node:fs';
import { buildKernels } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { root, run, runStages } from './stages.mjs';

const SETTINGS = 'docs/reference';

await runStages({
  install: () => {
    ensureInstalled();
    if (!existsSync(`${root}/${SETTINGS}/node_modules`))
      run('npm', ['ci', '--prefix', SETTINGS, '--no-audit', '--no-fund']);
  },
  kernels: buildKernels,
  reference: () => run(`${root}/${SETTINGS}/node_modules/.bin/typedoc`, ['--options', `${SETTINGS}/typedoc.json`]),
});
console.log('\nopen build/docs/index.html');
