// @ts-check
/** `npm start`: installs and builds what is missing, then trains LeNet5. */
import { buildPackage } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { runExample } from './run-example.mjs';
import { runStages } from './stages.mjs';

await runStages({
  install: ensureInstalled,
  build: buildPackage,
  'examples/train-mnist.ts': () => runExample('examples/train-mnist.ts', process.argv.slice(2)),
});
