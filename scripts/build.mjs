// @ts-check
/**
 * Builds the package into dist/: the wasm kernels, the ES modules that package.json exports, and their declarations.
 */
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run } from './stages.mjs';

/** Compiles assembly/ and writes the modules that src/backends/wasm imports. Tests need this, and nothing more. */
export function buildKernels() {
  run('node', ['scripts/build-wasm.mjs']);
}

/** `dist/modules/` mirrors src/, so that a bundler that takes one function takes its file and no other. */
const MODULES = 'dist/modules';

/** The file of the loader that platforms replace, and the name in package.json's `imports` under which they do. */
const PLATFORM = { importer: 'backends/wasm/loader.js', specifier: './modules.js', name: '#kernels' };

/**
 * The entries, as package.json's `exports` have them for bundlers: `./dist/modules/links/index.js` is made of
 * `src/links/index.ts`, and for runtimes `./dist/links.js` is.
 */
function entryPoints() {
  const { exports } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  /** @type {Record<string, string>} */
  const entries = {};
  for (const { module, default: bundled } of Object.values(exports)) {
    if (module) entries[posix.parse(bundled).name] = module.replace(MODULES, 'src').replace(/\.js$/, '.ts');
  }
  return entries;
}

/**
 * What makes a file of the package, wherever it will run.
 * @satisfies {import('esbuild').BuildOptions}
 */
const COMMON = {
  absWorkingDir: root,
  format: /** @type {const} */ ('esm'),
  target: 'es2022',
  legalComments: /** @type {const} */ ('none'), // dist/THIRD-PARTY-LICENSES.txt has them whole
  logLevel: /** @type {const} */ ('warning'),
};

/** @satisfies {import('esbuild').BuildOptions} */
const BUNDLED = {
  ...COMMON,
  bundle: true,
  external: ['node:*'],
};

/**
 * The script of workers, with its packages inside and in one file: a bundler that meets `new Worker(new URL('./…'))` then has
 * nothing left to split, which it could not do for every format of workers.
 * @param {string} outdir
 */
async function bundleWorker(outdir) {
  const { build } = await import('esbuild'); // not at the top: this file is loaded before anything is installed
  await build({
    ...BUNDLED,
    entryPoints: ['src/datasets/dataset-worker.ts'],
    outdir,
    platform: 'browser',
    minify: true,
  });
}

/**
 * For runtimes: each entry in few files, with its packages, so that it starts fast and needs no build at all. Splitting
 * keeps what is imported dynamically, such as the WebGL2 backend, in chunks of its own, which load when they are asked for.
 * All lie in one folder, where they find the workers' script.
 * @param {string} outdir
 */
export async function bundle(outdir = 'dist') {
  const { build } = await import('esbuild');
  await build({
    ...BUNDLED,
    entryPoints: entryPoints(),
    outdir,
    splitting: true,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['module'],
  });
  await bundleWorker(outdir);
}

/**
 * For bundlers: a module for each source, which import each other and the packages, and choose the kernels of the
 * platform that they are bundled for.
 */
export async function modules() {
  const { build } = await import('esbuild');
  const sources = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' });
  await build({
    ...COMMON,
    entryPoints: sources.filter((name) => /(?<!\.d)\.ts$/.test(name)).map((name) => `src/${name}`),
    outbase: 'src',
    outdir: MODULES,
  });
  await bundleWorker(`${MODULES}/datasets`);
  for (const name of sources.filter((name) => name.endsWith('.wasm'))) {
    copyFileSync(`${root}/src/${name}`, `${root}/${MODULES}/${name}`);
  }
  const importer = `${root}/${MODULES}/${PLATFORM.importer}`;
  const [before, after, ...more] = readFileSync(importer, 'utf8').split(`"${PLATFORM.specifier}"`);
  if (after === undefined || more.length > 0) {
    throw new Error(`${PLATFORM.importer} has to import ${PLATFORM.specifier} once`);
  }
  writeFileSync(importer, `${before}"${PLATFORM.name}"${after}`);
}

/** The licences of the packages that the bundles hold, which ask to be passed on. */
export function licenses() {
  const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'));
  const texts = Object.entries(packages)
    .filter(([path, { dev, optional }]) => path && !dev && !optional)
    .map(([path, { version }]) => {
      const directory = `${root}/${path}`;
      const file = readdirSync(directory).find((name) => /^licen[cs]e/i.test(name));
      if (!file) throw new Error(`${path} has no licence`);
      const title = `${path.replace(/.*node_modules\//, '')} ${version}`;
      return `${title}\n${'='.repeat(title.length)}\n\n${readFileSync(`${directory}/${file}`, 'utf8').trim()}\n`;
    });
  writeFileSync(`${root}/dist/THIRD-PARTY-LICENSES.txt`, texts.join('\n\n'));
}

/** Writes the declarations to dist/types. */
export function declarations() {
  run('tsc', ['-p', 'tsconfig.build.json']);
}

export async function buildPackage() {
  rmSync(`${root}/dist`, { recursive: true, force: true });
  buildKernels();
  await Promise.all([bundle(), modules()]);
  licenses();
  declarations();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildPackage();
