/** The script of dataset workers, `dataset-worker.ts`, written so that bundlers find it. */
import type { WorkerScript } from '../platform/worker.js';

/**
 * The script's name for Node. A literal in `new URL(…, import.meta.url)` would make bundlers ship the script twice, so this is a
 * variable; webpack warns of a variable beside `import.meta.url`, so that stands in a function.
 */
const FILE = './dataset-worker.js';
const moduleUrl = () => import.meta.url;

/** The script lies beside the module that this file is bundled into. Bundlers that do not know the pattern leave the script out. */
export const DATASET_WORKER: WorkerScript = {
  make: () => new Worker(new URL('./dataset-worker.js', import.meta.url), { type: 'module', name: 'rensa' }),
  file: () => new URL(FILE, moduleUrl()),
};
