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
 * Bundles each entry. Splitting keeps what is imported dynamically, such as the WebGL2 backend, in chunks of its own,
 * so that a program that never asks for it never loads it. Packages stay imports: the user's bundler sees them.
 */
export async function bundle() {
  const { build } = await import('esbuild'); // not at the top: this file is loaded before anything is installed
  await build({
    absWorkingDir: root,
    entryPoints: entryPoints(),
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    packages: 'external',
    external: ['node:*'],
    sourcemap: true,
    logLevel: 'warning',
  });
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
