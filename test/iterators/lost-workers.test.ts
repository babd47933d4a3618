/**
 * Workers of datasets that hang, end, or send a malformed answer, in the built package on Node: the waiting caller
 * gets an error, and later batches come. Oracle: the examples' own numbers.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundle } from '../../scripts/build.mjs';
import { root } from '../../scripts/stages.mjs';
import type * as Rensa from '../../src/index.js';
import { collectAndFinalize } from '../support/garbage.js';
import { alive, expectNoneAlive, unwatchWorkers, watchWorkers } from '../support/watched-workers.js';

/** Example 1 is trouble in a worker, all others are their number. */
const EXAMPLES = `
  import { isMainThread, parentPort } from 'node:worker_threads';
  const troubles = {
    compute: () => { for (;;); },
    wait: () => new Promise(() => {}),
    exit: () => process.exit(3),
    text: () => parentPort.postMessage('hello'),
    other: () => parentPort.postMessage({ id: 99, value: 'not asked for' }),
    half: () => parentPort.postMessage({ id: 1 }),
    later: () => { setTimeout(() => { throw new Error('too late') }); return new Promise(() => {}); },
  };
  export const get = async (i, trouble) => { if (i === 1 && !isMainThread) await troubles[trouble](); return i; };
`;

let directory = '';
let rensa: typeof Rensa;
let url = '';
beforeAll(async () => {
  await mkdir(`${root}/build`, { recursive: true });
  directory = await mkdtemp(`${root}/build/lost-workers-`);
  await bundle(directory);
  await writeFile(`${directory}/examples.mjs`, EXAMPLES);
  url = pathToFileURL(`${directory}/examples.mjs`).href;
  rensa = await import(pathToFileURL(`${directory}/index.js`).href);
}, 60_000);
afterAll(() => rm(directory, { recursive: true }));

beforeEach(watchWorkers);
afterEach(async () => {
  vi.useRealTimers();
  await expectNoneAlive();
  unwatchWorkers();
});

const iteratorOf = (of: typeof Rensa, trouble: string, options: Rensa.iterators.MultithreadIteratorOptions = {}) =>
  new of.iterators.MultithreadIterator<number>(new of.datasets.ModuleDataset(url, 4, { args: [trouble] }), 1, {
    shuffle: false,
    repeat: false,
    ...options,
  });

/** What came of each batch: its only example, or the message of its error. */
async function outcomes(iterator: Rensa.iterators.MultithreadIterator<number>): Promise<(number | string)[]> {
  const came: (number | string)[] = [];
  for (;;) {
    try {
      const { done, value } = await iterator.next();
      if (done) return came;
      came.push(...value);
    } catch (error) {
      expect(error).toBeInstanceOf(rensa.DeviceError);
      came.push((error as Error).message);
    }
  }
}

describe.each([1, 2])('one of %d workers in trouble', (nThreads) => {
  it.each([
    ['compute', "worker: 'callModule' was not done within 2 s, and the worker was ended; see timeout"],
    ['wait', "worker: 'callModule' was not done within 2 s, and the worker was ended; see timeout"],
    ['exit', 'worker: it ended with code 3'],
    ['text', "worker: it sent the text 'hello' where an answer of rensa was expected"],
    ['other', 'worker: it sent an object { id, value } where an answer of rensa was expected'],
    ['half', 'worker: it sent an object { id } where an answer of rensa was expected'],
    ['later', 'worker: too late'],
  ])('by %s fails its batch; the others come', async (trouble, message) => {
    using iterator = iteratorOf(rensa, trouble, { nThreads, timeout: 2, nPrefetch: 0 });
    expect(await outcomes(iterator)).toEqual([0, message, 2, 3]);
  });
});

describe('in the place of the worker’s script', () => {
  it.each([
    ['one that never answers', 'setInterval(() => {}, 1000)', true],
    [
      'one that sends something else',
      "process.getBuiltinModule('node:worker_threads').parentPort.postMessage(null)",
      false,
    ],
    ['one that ends', '', false],
  ])(
    '%s: this thread does it',
    async (name, script, waits) => {
      const folder = `${directory}/${name.replaceAll(' ', '-')}`;
      await bundle(folder);
      await writeFile(`${folder}/package.json`, '{ "type": "commonjs" }');
      await writeFile(`${folder}/dataset-worker.js`, script);
      await writeFile(`${folder}/index.mjs`, "export * from './index.js'");
      const other: typeof Rensa = await import(pathToFileURL(`${folder}/index.js`).href);
      using iterator = iteratorOf(other, 'wait', { nThreads: 2 });
      if (waits) vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const came = outcomes(iterator);
      // The worker has 30 s to start.
      if (waits) await vi.advanceTimersByTimeAsync(31_000);
      expect(await came).toEqual([0, 1, 2, 3]);
    },
    60_000,
  );
});

it('an iterator that is given up without a word leaves no worker', async () => {
  await (async () => {
    const iterator = iteratorOf(rensa, 'wait', { nThreads: 2 });
    await iterator.next();
  })();
  expect(alive.size).toBe(2);
  for (let k = 0; k < 20 && alive.size > 0; k++) await collectAndFinalize();
  await expectNoneAlive();
});

it.each([0, -1, Number.NaN, '60'])('a timeout of %s is refused', (timeout) => {
  expect(() => iteratorOf(rensa, 'wait', { timeout: timeout as number })).toThrow(/timeout is .*, expected a positive/);
});
