/**
 * The Content-Security-Policy that each feature needs in a page, as docs/reliability.md lists it. With the policy a
 * feature works and the page reports no violation; without it the feature throws an error or does less. Oracle:
 * Chromium.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPage } from '../../scripts/page.mjs';

/** The policy that every feature needs: scripts of the page's own server. */
const BARE = "default-src 'none'; script-src 'self'";
const WASM = `${BARE} 'wasm-unsafe-eval'`;

const MODEL = `
import { L, training } from '/rensa/dist/index.js';
export default training.replica(() => new L.Classifier(new L.Linear(2, 2)));`;

const PAGE = `
globalThis.violations = [];
addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
const attempt = async (act) => {
  try {
    return await act(await import('/rensa/dist/index.js'));
  } catch (error) {
    return error.name;
  }
};
const picture = async (type) => {
  const canvas = new OffscreenCanvas(4, 3);
  canvas.getContext('2d').fillRect(0, 0, 4, 3);
  return canvas.convertToBlob({ type });
};
const FEATURES = {
  wasm: async ({ np }) => np.matmul([[2]], [[3]]).item(),
  webgl: async ({ np, init }) => {
    await init({ device: 'webgl' });
    return (await np.matmul([[2]], [[3]]).data())[0];
  },
  threads: async ({ init, getRuntimeInfo }) => {
    await init({ threads: 2 });
    return getRuntimeInfo().threads.count;
  },
  replicas: async ({ training, np, optimizers, iterators }) => {
    const { default: make } = await import('/model.js');
    const optimizer = new optimizers.SGD().setup(make());
    const examples = Array.from({ length: 4 }, (_, k) => [np.zeros([2]), k % 2]);
    const options = { model: new URL('/model.js', location.href), threads: 2 };
    const updater = new training.ParallelUpdater(new iterators.SerialIterator(examples, 4), optimizer, options);
    // A worker that is refused is told of later.
    for (let i = 0; i < 3; i++) {
      await updater.update();
      await new Promise((done) => setTimeout(done, 100));
    }
    updater.finalize();
    return updater.threads.count;
  },
  download: async ({ datasets }) => (await datasets.cachedDownload('/model.js')).length,
  'download of a blob': async ({ datasets }) =>
    (await datasets.cachedDownload(URL.createObjectURL(new Blob(['abc'])))).length,
  pictures: async ({ datasets }) => {
    const types = ['image/png', 'image/jpeg', 'image/webp'];
    return (await Promise.all(types.map(async (type) => (await datasets.readImage(await picture(type))).height))).join();
  },
  workers: async ({ datasets, iterators }) => {
    const dataset = new datasets.ImageDataset([await picture('image/png')]);
    for await (const batch of new iterators.MultithreadIterator(dataset, 1, { repeat: false })) return batch.length;
  },
};
globalThis.use = async (name) => {
  violations.length = 0;
  const result = await attempt(FEATURES[name]);
  await new Promise((done) => setTimeout(done, 200)); // violations are reported by events
  return [result, [...new Set(violations)]];
};`;

const folder = mkdtempSync(join(tmpdir(), 'rensa-csp-'));
beforeAll(() => {
  writeFileSync(join(folder, 'page.js'), PAGE);
  writeFileSync(join(folder, 'model.js'), MODEL);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The results of features under a policy, each with the violated directives. */
async function under(policy: string, features: readonly string[]): Promise<unknown[]> {
  const folders = { '/': `${folder}/`, '/rensa/dist/': `${resolve('dist')}/` };
  const { page, close } = await openPage(folders, '/page.js', { 'Content-Security-Policy': policy });
  try {
    const results: unknown[] = [];
    for (const feature of features) results.push(await page.evaluate(`use('${feature}')`));
    return results;
  } finally {
    await close();
  }
}

/** Features: the least policy and what it gives; the policy without it, what that gives, and the directive that says no. */
const NEEDS: readonly [string, string, unknown, string, unknown, string | null][] = [
  ['wasm', WASM, 6, BARE, 'DeviceError', null], // Chromium reports no event for WebAssembly
  ['threads', `${WASM}; worker-src blob:`, 2, WASM, 1, null], // of a worker of a blob neither
  ['workers', `${WASM}; worker-src 'self'`, 1, `${WASM}; worker-src blob:`, 1, 'worker-src'],
  ['download', `${BARE}; connect-src 'self'`, MODEL.length, BARE, 'FileError', 'connect-src'],
  ['download of a blob', `${BARE}; connect-src blob:`, 3, `${BARE}; connect-src 'self'`, 'FileError', 'connect-src'],
];

describe.each(NEEDS)('%s', (feature, least, result, less, lesser, directive) => {
  test(least, { timeout: 120_000 }, async () => expect(await under(least, [feature])).toEqual([[result, []]]));

  test(`${less} is too little`, { timeout: 120_000 }, async () => {
    const [[given, violations]] = (await under(less, [feature])) as [[unknown, string[]]];
    expect(given).toEqual(lesser);
    if (directive) expect(violations).toEqual([directive]);
  });
});

test('replicas need workers of blobs, and scripts of the model’s server', { timeout: 120_000 }, async () => {
  expect(await under(`${WASM}; worker-src blob:`, ['replicas'])).toEqual([[2, []]]);
});

test('WebGL2 and pictures need nothing more than scripts', { timeout: 120_000 }, async () => {
  expect(await under(BARE, ['webgl', 'pictures'])).toEqual([
    [6, []],
    ['3,3,3', []],
  ]);
});

test('the policy of the guide allows everything', { timeout: 120_000 }, async () => {
  const guide = readFileSync('docs/guide/deployment.md', 'utf8');
  const policy = /Content-Security-Policy: ([^\n`]+)/.exec(guide)?.[1] ?? '';
  expect(policy).toMatch(/^default-src 'none'/);
  expect(policy).not.toContain("'unsafe-eval'");
  expect(await under(policy, ['wasm', 'workers', 'download', 'pictures', 'replicas', 'threads', 'webgl'])).toEqual([
    [6, []],
    [1, []],
    [MODEL.length, []],
    ['3,3,3', []],
    [2, []],
    [2, []],
    [6, []],
  ]);
});

test('trusted types leave one thread, and the rest as it is', { timeout: 120_000 }, async () => {
  const policy = `${WASM}; connect-src 'self'; worker-src 'self' blob:; require-trusted-types-for 'script'`;
  const results = await under(policy, ['wasm', 'webgl', 'download', 'workers', 'threads']);
  expect(results.map((each) => (each as [unknown])[0])).toEqual([6, 6, MODEL.length, 1, 1]);
});
