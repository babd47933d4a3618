// @ts-check
/**
 * Runs a program of examples/ on Node: `node scripts/run-example.mjs examples/x.ts [its arguments]`. Bundles the program first, because
 * Node 20 does not read TypeScript. It imports `rensa`, this package by its own name, and so runs with the built dist/.
 */
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run } from './stages.mjs';

/**
 * @param {string} path the program, from the root of the checkout
 * @param {readonly string[]} args
 */
export async function runExample(path, args = []) {
  const { build } = await import('esbuild'); // not at the top: this file is loaded before anything is installed
  const outfile = `build/examples/${basename(path).replace(/\.ts$/, '.mjs')}`;
  await build({
    absWorkingDir: root,
    entryPoints: [path],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    tsconfigRaw: '{}', // the checkout's tsconfig maps `rensa` to the sources; an example gets what users get
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  run('node', ['--enable-source-maps', outfile, ...args]);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [path, ...args] = process.argv.slice(2);
  if (!path) throw new Error('usage: node scripts/run-example.mjs examples/<program>.ts [arguments]');
  await runExample(path, args);
}
