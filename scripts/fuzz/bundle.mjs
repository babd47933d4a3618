// @ts-check
/** The fuzzers of test/fuzz as modules that Node runs: the child's program, and the table of targets for the parent. */
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../stages.mjs';

const OUT = `${root}/build/fuzz`;

/** The program of a child process. */
export const CHILD = `${OUT}/child.js`;

/** @returns {Promise<typeof import('../../test/fuzz/targets.js') & Pick<typeof import('../../test/fuzz/target.js'), 'caseSeed'>>} */
export async function bundleFuzzers() {
  await build({
    absWorkingDir: root,
    entryPoints: { child: 'test/fuzz/child.ts', targets: 'test/fuzz/targets.ts' },
    outdir: OUT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    sourcemap: true,
    alias: { rensa: `${root}/src/index.ts`, 'rensa/inference': `${root}/src/inference.ts` },
    external: ['fast-check', 'fast-png', 'fflate', 'jpeg-js', 'pbf', 'twgl.js'],
    logLevel: 'warning',
  });
  return import(pathToFileURL(`${OUT}/targets.js`).href);
}
