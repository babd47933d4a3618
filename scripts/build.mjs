// @ts-check
/**
 * Builds the package into dist/: the wasm kernels, the ES modules that package.json exports, and their declarations.
 */
import { readFileSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { root, run } from './stages.mjs';

/** Compiles assembly/ and writes the modules that src/backends/wasm imports. Tests need this, and nothing more. */
export function buildKernels() {
  run('node', ['scripts/build-wasm.mjs']);
}

/** One entry for each module that package.json exports: `./dist/x.js` is built from `src/x.ts`. */
function entryPoints() {
  const { exports } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  /** @type {Set<string>} */
  const targets = new Set();
  JSON.stringify(exports, (_key, value) => {
    const match = typeof value === 'string' && value.match(/^\.\/dist\/(.+)\.js$/);
    if (match) targets.add(`${root}/src/${match[1]}.ts`);
    return value;
  });
  return [...targets];
}

/**
 * What makes a file of the package of any of its entries, wherever it will run.
 * @satisfies {import('esbuild').BuildOptions}
 */
const COMMON = {
  absWorkingDir: root,
  bundle: true,
  format: /** @type {const} */ ('esm'),
  target: 'es2022',
  external: ['node:*'],
  sourcemap: true,
  logLevel: /** @type {const} */ ('warning'),
};

/**
 * The script of workers, with its packages inside and in one file: a bundler that meets `new Worker(new URL('./…'))` then has
 * nothing left to split, which it could not do for every format of workers.
 * @param {string} outdir
 */
async function bundleWorker(outdir) {
  const { build } = await import('esbuild');
  await build({
    ...COMMON,
    entryPoints: ['src/datasets/dataset-worker.ts'],
    outdir,
    platform: 'browser',
    minify: true,
  });
}

/**
 * Bundles each entry. Splitting keeps what is imported dynamically, such as the WebGL2 backend, in chunks of its own,
 * so that a program that never asks for it never loads it. Packages stay imports: the user's bundler sees them.
 * @param {string} outdir
 */
export async function bundle(outdir = 'dist') {
  const { build } = await import('esbuild'); // not at the top: this file is loaded before anything is installed
  await build({
    ...COMMON,
    entryPoints: entryPoints(),
    outdir,
    splitting: true,
    platform: 'neutral',
    packages: 'external',
  });
  await bundleWorker(outdir);
}

/** Writes the declarations to dist/types. */
export function declarations() {
  run('tsc', ['-p', 'tsconfig.build.json']);
}

export async function buildPackage() {
  rmSync(`${root}/dist`, { recursive: true, force: true });
  buildKernels();
  await bundle();
  declarations();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildPackage();
