// @ts-check
/**
 * `npm run demo [-- --port N]`: installs and builds what is missing, then bundles and serves the page of examples/browser, on port N or
 * on the port in the environment variable PORT.
 */
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { run, runStages } from './stages.mjs';

await runStages({
  install: ensureInstalled,
  build: ensureBuilt,
  'examples/browser': () => run('node', ['examples/browser/serve.mjs', ...process.argv.slice(2)]),
});
