// @ts-check
/** `npm run demo`: installs and builds what is missing, then bundles and serves the page of examples/browser. */
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { run, runStages } from './stages.mjs';

await runStages({
  install: ensureInstalled,
  build: ensureBuilt,
  'examples/browser': () => run('node', ['examples/browser/serve.mjs']),
});
