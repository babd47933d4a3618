/** The script of dataset workers, `dataset-worker.ts`, written so that bundlers find it. */
import type { WorkerScript } from '../platform/worker.js';

/**
 * The script's name for Node. It is no literal in `new URL(…, import.meta.url)`, for which bundlers would ship the script twice; and
 * `import.meta.url` stands in a function, because webpack warns of a variable beside it.
 */
const FILE = './dataset-worker.js';
const moduleUrl = () => import.meta.url;

/** Lies beside the module that this file is bundled into. Bundlers that do not know the pattern leave it out. */
export const DATASET_WORKER: WorkerScript = {
  make: () => new Worker(new URL('./dataset-worker.js', import.meta.url), { type: 'module', name: 'rensa' }),
  file: () => new URL(FILE, moduleUrl()),
};
