// @ts-check
/** Builds the package if dist/ is missing or older than its sources. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildKernels, buildPackage, bundle } from './build.mjs';
import { root } from './stages.mjs';

/**
 * The time of the last change of a file, or of anything in a folder; 0 if it does not exist.
 * @param {string} path
 * @returns {number}
 */
function lastChange(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  // Files that the build itself writes into src/ do not count.
  const names = readdirSync(path).filter((name) => name !== 'generated');
  return Math.max(0, ...names.map((name) => lastChange(join(path, name))));
}

export async function ensureBuilt() {
  const built = lastChange(`${root}/dist/index.js`);
  if (built === 0) {
    await buildPackage();
    return;
  }
  const sources = ['assembly', 'asconfig.json', 'scripts/build-wasm.mjs', 'src/backends/ops.ts'];
  const kernels = sources.map((path) => lastChange(`${root}/${path}`));
  if (Math.max(...kernels) > built) buildKernels();
  if (Math.max(...kernels, lastChange(`${root}/src`)) > built) await bundle();
}
