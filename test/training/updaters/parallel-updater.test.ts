/** Batches divided among worker threads by the built package. Oracle: StandardUpdater, which has one thread. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Rensa from '../../../src/index.js';
import { collectAndFinalize } from '../../support/garbage.js';
import {
  difference,
  type Example,
  openWorkshop,
  parametersOf,
  type Workshop,
} from '../../support/parallel-training.js';
import { dropout, lenet5 } from './replica-models.js';

let workshop: Workshop;
let rensa: typeof Rensa;
let directory = '';
beforeAll(async () => {
  workshop = await openWorkshop();
  ({ rensa, directory } = workshop);
}, 60_000);
afterAll(() => workshop.close());

const moduleOf: Workshop['moduleOf'] = (...args) => workshop.moduleOf(...args);
const build: Workshop['build'] = (...args) => workshop.build(...args);
const examplesOf: Workshop['examplesOf'] = (...args) => workshop.examplesOf(...args);
const digits = (n: number) => examplesOf(n, [1, 28, 28], 10);

describe('20 updates of LeNet5 are those of one thread', () => {
  it.each([
    [2, 16],
    [2, 7],
    [3, 8],
  ])(
    'with %d threads and batches of %d',
    async (threads, batchSize) => {
      const { url, make } = await moduleOf('lenet5', lenet5('./index.js'));
      const examples = digits(40);
      const one = build(make, examples, batchSize);
      const many = build(make, examples, batchSize, { model: url, threads });
      for (let k = 0; k < 20; k++) {
        await one.updater.update();
        await many.updater.update();
      }
      const { ParallelUpdater } = rensa.training;
      expect(many.updater instanceof ParallelUpdater && many.updater.threads).toEqual({ count: threads, reason: null });
      many.updater.finalize();
      expect(difference(one.model, many.model)).toBeLessThan(1e-5);
    },
    60_000,
  );
});

it('the reported value is the mean over the batch', async () => {
  const { url, make } = await moduleOf('lenet5', lenet5('./index.js'));
  const { updater } = build(make, digits(14), 7);
  const losses = async (of: Rensa.training.StandardUpdater<Example>) => {
    const trainer = new rensa.training.Trainer(of, [3, 'iteration'], null);
    const seen: number[][] = [];
    const number = (value: Rensa.Observation[string]) => (typeof value === 'number' ? value : value.item());
    const look = rensa.training.makeExtension({ trigger: [1, 'iteration'] }, ({ observation }) => {
      seen.push(['main/loss', 'main/accuracy'].map((name) => number(observation[name])));
    });
    trainer.extend(look, { name: 'look' });
    await trainer.run();
    return seen;
  };
  const wanted = await losses(updater);
  const got = await losses(build(make, digits(14), 7, { model: url }).updater);
  expect(got.length).toBe(3);
  for (const [k, row] of wanted.entries())
    for (const [j, value] of row.entries()) expect(got[k][j]).toBeCloseTo(value, 5);
}, 30_000);

it('dropout draws alike in runs that begin alike, and after a snapshot', async () => {
  const { url, make } = await moduleOf('dropout', dropout('./index.js'));
  const examples = examplesOf(24, [6], 3);
  const run = async (interrupted: boolean) => {
    let built = build(make, examples, 8, { model: url });
    for (let k = 0; k < 6; k++) {
      if (interrupted && k === 3) {
        const saved = await rensa.serializers.toNpz(built.updater);
        built.updater.finalize();
        built = build(make, examples, 8, { model: url });
        rensa.serializers.fromNpz(saved, built.updater);
      }
      rensa.np.random.seed(k); // this thread's own draws
      await built.updater.update();
    }
    built.updater.finalize();
    return built.model;
  };
  const model = await run(false);
  expect(difference(model, await run(false))).toBe(0);
  expect(difference(model, await run(true))).toBeLessThan(1e-6);
}, 30_000);

it('batches smaller than the number of threads, and models without shapes, need no worker', async () => {
  const missing = new URL('file:///there/is/none.mjs');
  const { make } = await moduleOf('lenet5', lenet5('./index.js'));
  const { updater } = build(make, digits(4), 1, { model: missing });
  await updater.update();
  expect(updater.iteration).toBe(1);
  const optimizer = new rensa.optimizers.SGD().setup(make());
  const iterator = new rensa.iterators.SerialIterator(digits(4), 4);
  await new rensa.training.ParallelUpdater(iterator, optimizer, { model: missing, threads: 2 }).update();
});

describe('errors come typed, and nothing hangs', () => {
  const failing = async (name: string, trouble: string) => {
    const { url, make } = await moduleOf(name, lenet5('./index.js', trouble));
    return build(make, digits(8), 4, { model: url });
  };

  it('of a replica that throws: the next update is tried again', async () => {
    const { updater, model } = await failing(
      'throws',
      'model.scale ??= 0; if (model.scale++ === 0) F.reshape(inputs[0], [7])',
    );
    const before = parametersOf(model);
    await expect(updater.update()).rejects.toThrow(rensa.ShapeError);
    expect(parametersOf(model)).toEqual(before);
    await updater.update();
    expect(updater.iteration).toBe(1);
    updater.finalize();
  }, 30_000);

  it('of modules that are not replicas, of other modules, and of missing ones', async () => {
    const { make } = await moduleOf('lenet5', lenet5('./index.js'));
    const other = await moduleOf('other', dropout('./index.js'));
    const plain = join(directory, 'plain.mjs');
    await writeFile(plain, 'export default 1;');
    const updateBy = (url: URL) => build(make, digits(8), 4, { model: url }).updater.update();
    await expect(updateBy(pathToFileURL(plain))).rejects.toThrow(/does not call training.replica/);
    await expect(updateBy(new URL('file:///there/is/none.mjs'))).rejects.toThrow(rensa.ValueError);
    await expect(updateBy(other.url)).rejects.toThrow(rensa.KeyError);
  }, 30_000);

  it('of options', async () => {
    const { url, make } = await moduleOf('lenet5', lenet5('./index.js'));
    expect(() => build(make, digits(2), 2, { model: url, threads: 1.5 })).toThrow(/threads 1.5/);
  });
});

it('memory stays flat over 300 updates', async () => {
  const { url, make } = await moduleOf('dropout', dropout('./index.js'));
  const { updater } = build(make, examplesOf(24, [6], 3), 8, { model: url });
  const trainer = new rensa.training.Trainer(updater, [300, 'iteration'], null);
  const [bytes, arrays]: [unknown[], unknown[]] = [[], []];
  const look = rensa.training.makeExtension({ trigger: [100, 'iteration'] }, ({ observation }) => {
    bytes.push(rensa.np.memory().devices.wasm?.reserved);
    arrays.push(observation['main/predictor/arrays']); // the mean over this thread and the worker
  });
  trainer.extend(look, { name: 'look' });
  await collectAndFinalize(); // what the tests before left
  await trainer.run();
  expect(bytes).toEqual(bytes.map(() => bytes[0]));
  expect(arrays).toEqual(arrays.map(() => arrays[0]));
}, 60_000);

it('a process ends by itself although workers are there', async () => {
  await moduleOf('dropout', dropout('./index.js'));
  await writeFile(
    join(directory, 'program.mjs'),
    `import { init, iterators, np, optimizers, training } from './index.js';
     import make from './dropout.mjs';
     await init();
     const examples = Array.from({ length: 8 }, (_, k) => [np.ones([6]), k % 3]);
     const optimizer = new optimizers.SGD().setup(make());
     const iterator = new iterators.SerialIterator(examples, 4);
     const model = new URL('./dropout.mjs', import.meta.url);
     const updater = new training.ParallelUpdater(iterator, optimizer, { model, threads: 3 });
     for (let k = 0; k < 3; k++) await updater.update();
     console.log(updater.iteration, updater.threads.count);`,
  );
  const output = execFileSync(process.execPath, [join(directory, 'program.mjs')], { timeout: 20_000 });
  expect(output.toString()).toBe('3 3\n');
}, 30_000);

it('a resumed training equals the uninterrupted one, to the bit', async () => {
  const { url, make } = await moduleOf('dropout', dropout('./index.js'));
  const { iterators, L, np, optimizers, training } = rensa;
  const examples = examplesOf(22, [6], 3);
  const files = new Map<string, Uint8Array>();
  const out: Rensa.training.OutputDirectory = {
    write: async (name, bytes) => void files.set(name, bytes),
    read: async (name) => files.get(name) ?? new Uint8Array(),
    list: async () => [...files.keys()].map((name, modified) => ({ name, modified })),
    remove: async (name) => void files.delete(name),
  };
  const run = async (seed: number, end: number, to: typeof out | null) => {
    np.random.seed(seed);
    const model = make();
    const optimizer = new optimizers.Adam({ lr: 0.01 }).setup(model);
    const iterator = new iterators.SerialIterator(examples, 8);
    const updater = new training.ParallelUpdater(iterator, optimizer, { model: url, threads: 2 });
    const trainer = new training.Trainer(updater, [end, 'iteration'], to);
    const { snapshot, LogReport } = training.extensions;
    if (to) trainer.extend(snapshot({ autoload: true }), { trigger: [end, 'iteration'] });
    const log = new LogReport({ trigger: [2, 'iteration'], filename: null });
    await trainer.extend(log).run();
    expect(model).toBeInstanceOf(L.Classifier);
    const entries = log.log.map(({ 'main/loss': loss, 'main/accuracy': accuracy }) => [loss, accuracy]);
    return [parametersOf(model), entries, np.random.rand(3).tolist()];
  };
  const whole = await run(2, 7, null);
  await run(2, 4, out);
  expect(await run(99, 7, out)).toEqual(whole);
}, 60_000);
