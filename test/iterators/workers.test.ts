/** Batches decoded in Node's worker threads by the built package. Oracle: SerialIterator, which has no workers. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../scripts/build.mjs';
import { root } from '../../scripts/stages.mjs';
import type * as Rensa from '../../src/index.js';

const module = pathToFileURL(`${root}/test/iterators/examples-module.mjs`).href;

const picture = (k: number) =>
  encode({ width: 5, height: 4, channels: 3, data: Uint8Array.from({ length: 60 }, (_, i) => (k * 31 + i * 7) % 256) });

let directory = '';
let rensa: typeof Rensa;
beforeAll(async () => {
  // Below the root, so that packages are found.
  await mkdir(`${root}/build`, { recursive: true });
  directory = await mkdtemp(`${root}/build/workers-`);
  await bundle(directory);
  rensa = await import(pathToFileURL(`${directory}/index.js`).href);
  await rensa.init();
}, 60_000);
afterAll(() => rm(directory, { recursive: true }));

/** All batches of an epoch, as lists. */
async function epoch(iterator: AsyncIterable<Rensa.datasets.Batch<[Rensa.NDArray, number]>>) {
  const batches: unknown[] = [];
  for await (const batch of iterator) {
    const [x, t] = rensa.datasets.concatExamples(batch);
    batches.push([x.tolist(), t.tolist()]);
  }
  return batches;
}

describe.each([1, 3])('%d worker threads', (nThreads) => {
  it("decode pictures, and give SerialIterator's batches", async () => {
    const { datasets, iterators, np } = rensa;
    const pairs = Array.from({ length: 7 }, (_, k) => [picture(k), k] as const);
    const dataset = new datasets.LabeledImageDataset(pairs);
    np.random.seed(3);
    const wanted: unknown[] = [];
    for (const batch of new iterators.SerialIterator(dataset, 3, { repeat: false })) {
      const [x, t] = datasets.concatExamples(await batch.load());
      wanted.push([x.tolist(), t.tolist()]);
    }
    np.random.seed(3);
    using iterator = new iterators.MultithreadIterator(dataset, 3, { repeat: false, nThreads, nPrefetch: 2 });
    expect(await epoch(iterator)).toEqual(wanted);
  });

  it('run a function of a module, in order whatever comes first', async () => {
    const { datasets, iterators } = rensa;
    const dataset = new datasets.ModuleDataset<[Rensa.NDArray, number, number]>(module, 6, { args: [42] });
    using iterator = new iterators.MultithreadIterator(dataset, 3, { repeat: false, shuffle: false, nThreads });
    const batches: unknown[] = [];
    for await (const batch of iterator) {
      const [x, label, inWorker] = datasets.concatExamples(batch);
      batches.push([x.tolist(), label.tolist(), inWorker.tolist()]);
    }
    expect(batches).toEqual([
      [[[0, 1], [1, 2], [2, 3]], [42, 42, 42], [1, 1, 1]], // biome-ignore format: rows of a table
      [[[3, 4], [4, 5], [5, 6]], [42, 42, 42], [1, 1, 1]], // biome-ignore format: rows of a table
    ]);
  });
});

describe('errors come typed, to the caller that asks for the batch', () => {
  const batches = (dataset: Rensa.datasets.Dataset<unknown>, batchSize: number, nThreads: number) =>
    new rensa.iterators.MultithreadIterator(dataset, batchSize, { shuffle: false, nThreads });

  it.each([0, 2])('of damaged pictures, with %d workers', async (nThreads) => {
    const dataset = new rensa.datasets.ImageDataset([picture(0), picture(1).subarray(0, 50)]);
    using iterator = batches(dataset, 1, nThreads);
    await iterator.next();
    await expect(iterator.next()).rejects.toThrow(rensa.FormatError);
    expect((await iterator.next()).value?.length).toBe(1);
  });

  it.each([0, 2])('of modules, with %d workers', async (nThreads) => {
    const { ModuleDataset } = rensa.datasets;
    using one = batches(new ModuleDataset(module, 8), 8, nThreads);
    await expect(one.next()).rejects.toThrow(/get failed: seven is not made/);
    await expect(one.next()).rejects.toThrow(rensa.ValueError);
    using other = batches(new ModuleDataset(module, 8, { name: 'notAFunction' }), 1, nThreads);
    await expect(other.next()).rejects.toThrow(/exports no function 'notAFunction'/);
    using missing = batches(new ModuleDataset(`${module}.not`, 8), 1, nThreads);
    await expect(missing.next()).rejects.toThrow(rensa.ValueError);
  });

  it('of a worker that ends', async () => {
    using iterator = batches(new rensa.datasets.ModuleDataset(module, 2, { name: 'end' }), 1, 1);
    await expect(iterator.next()).rejects.toThrow(rensa.DeviceError);
  });

  it('of finalize, to callers that still wait', async () => {
    const iterator = batches(new rensa.datasets.ModuleDataset(module, 4), 4, 2);
    const next = iterator.next();
    iterator.finalize();
    await expect(next).rejects.toThrow(/ended before the task was done/);
  });

  it('of an invalid number of threads', () => {
    expect(() => batches(rensa.datasets.asDataset([1]), 1, 1.5)).toThrow(/nThreads 1.5/);
  });
});

it('a process ends although workers are there, and none is needed for lists', async () => {
  await writeFile(
    join(directory, 'program.mjs'),
    `import { datasets, init, iterators } from './index.js';
     await init();
     const dataset = new datasets.ModuleDataset(${JSON.stringify(module)}, 4, { args: [1] });
     const iterator = new iterators.MultithreadIterator(dataset, 2, { nThreads: 2, nPrefetch: 3 });
     const { value } = await iterator.next();
     console.log(value.length);`,
  );
  const output = execFileSync(process.execPath, [join(directory, 'program.mjs')], { timeout: 20_000 });
  expect(output.toString()).toBe('2\n');
});

it('without the script of the worker the caller’s thread does it', async () => {
  const alone = `${directory}/alone`;
  await bundle(alone);
  await rm(`${alone}/dataset-worker.js`);
  const { datasets, init, iterators }: typeof Rensa = await import(pathToFileURL(`${alone}/index.js`).href);
  await init();
  const dataset = new datasets.ModuleDataset<[Rensa.NDArray, number, number]>(module, 4, { args: [1] });
  using iterator = new iterators.MultithreadIterator(dataset, 4, { shuffle: false, nThreads: 2 });
  const { value } = await iterator.next();
  expect(value && datasets.concatExamples(value)[2].tolist()).toEqual([0, 0, 0, 0]);
});
