/**
 * The subpaths of the built package: the code that `rensa/inference` keeps out of a bundle, and that each subpath may
 * be imported first and alone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { install, output, pack, remove, type Tarball } from './project.js';

vi.setConfig({ testTimeout: 60_000 });

let tarball: Tarball;
let project: string;

beforeAll(async () => {
  tarball = await pack();
  project = await install(tarball);
}, 120_000);

afterAll(() => remove(tarball));

/** Folders of the package that only training programs need. */
const LEARNING = ['core', 'functions', 'links', 'optimizers', 'optimizer-hooks', 'training', 'datasets', 'iterators'];

/** The modules of the package in a bundle of everything that a subpath exports. */
async function modulesOf(subpath: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: `export * from '${subpath}'`, resolveDir: project },
    absWorkingDir: project,
    bundle: true,
    write: false,
    outdir: 'out',
    splitting: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    logLevel: 'warning',
  });
  const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const used = bundled.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return used.map((path) => path.split('node_modules/rensa/dist/modules/')[1] ?? path);
}

test('rensa/inference carries no module of autograd, links or training', async () => {
  const learning = (paths: string[]) => paths.filter((path) => LEARNING.includes(path.split('/')[0]));
  expect(learning(await modulesOf('rensa'))).toContain('core/variable.js'); // so the names are those of modules
  expect(learning(await modulesOf('rensa/inference'))).toEqual([]);
});

describe('each subpath, imported first and alone', () => {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  const subpaths = Object.keys(exports).filter((path) => !/[*]|json/.test(path));

  test.each(subpaths)('%s', async (path) => {
    const name = join('rensa', path);
    const count = `import('${name}').then((all) => console.log(Object.keys(all).length))`;
    expect(Number(await output('node', ['--input-type=module', '-e', count], project))).toBeGreaterThan(2);
    const unbundled = ['--conditions=module', '--input-type=module', '-e', count]; // as bundlers see it: a module a source
    expect(Number(await output('node', unbundled, project))).toBeGreaterThan(2);
  });
});
