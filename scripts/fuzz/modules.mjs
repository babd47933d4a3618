// @ts-check
/**
 * Compiles the fuzzers and the library to modules for Node, file by file, so that a module's coverage is its source's.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../stages.mjs';

const OUT = `${root}/build/fuzz/modules`;

/** The program of a child process. */
export const CHILD = `${OUT}/test/fuzz/child.js`;

const FOLDERS = ['src', 'test/fuzz', 'test/support', 'test/formats', 'examples/edge-worker'];

/** Modules that are run: neither tests nor declarations. */
const isModule = (/** @type {string} */ path) => /\.[jt]s$/.test(path) && !/\.test\.ts$|\.d\.ts$/.test(path);

/** @param {string} folder @returns {string[]} */
const modulesIn = (folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(isModule)
    .map((path) => join(root, folder, path));

/**
 * The package's name in examples leads to the library beside them.
 * @type {import('esbuild').Plugin}
 */
const ownPackage = {
  name: 'own package',
  setup(building) {
    building.onLoad({ filter: /examples[\\/]edge-worker[\\/].*\.js$/ }, ({ path }) => {
      const up = relative(join(path, '..'), root).replaceAll('\\', '/');
      const contents = readFileSync(path, 'utf8').replace(
        "'rensa/inference'",
        `'${posix.join(up, 'src/inference.js')}'`,
      );
      return { contents, loader: 'js' };
    });
  },
};

/** @returns {Promise<typeof import('../../test/fuzz/targets.js')>} */
export async function makeModules() {
  rmSync(OUT, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: FOLDERS.flatMap(modulesIn),
    outdir: OUT,
    outbase: root,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    plugins: [ownPackage],
    logLevel: 'warning',
  });
  return import(pathToFileURL(`${OUT}/test/fuzz/targets.js`).href);
}
