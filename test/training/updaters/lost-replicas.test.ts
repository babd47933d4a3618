/**
 * Replicas that hang, end, or send a malformed answer are ended, and the training goes on with the same numbers.
 * Oracles: StandardUpdater, which has one thread, and the same training without the trouble.
 */
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Rensa from '../../../src/index.js';
import { collectAndFinalize } from '../../support/garbage.js';
import {
  difference,
  type Example,
  openWorkshop,
  parametersOf,
  type Workshop,
} from '../../support/parallel-training.js';
import { alive, expectNoneAlive, threads, unwatchWorkers, watchWorkers } from '../../support/watched-workers.js';
import { dropout, troubled } from './replica-models.js';

let workshop: Workshop;
let rensa: typeof Rensa;
beforeAll(async () => {
  workshop = await openWorkshop();
  ({ rensa } = workshop);
}, 60_000);
afterAll(() => workshop.close());

let warnings: unknown[] = [];
beforeEach(() => {
  warnings = [];
  vi.spyOn(console, 'warn').mockImplementation((message) => void warnings.push(message));
  watchWorkers();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await expectNoneAlive();
  unwatchWorkers();
});

type Options = Partial<Rensa.training.ParallelUpdaterOptions<Example>>;

/** In seconds: honest replicas start and answer within it on a busy machine too. */
const LIMIT = 5;

let modules = 0;
const parallel = async (trouble: Parameters<typeof troubled>[1], options: Options = {}) => {
  const { url, make } = await workshop.moduleOf(`troubled-${modules++}`, troubled('./index.js', trouble));
  const examples = workshop.examplesOf(24, [6], 3);
  const one = workshop.build(make, examples, 9);
  const { model, updater } = workshop.build(make, examples, 9, { model: url, threads: 3, timeout: LIMIT, ...options });
  if (!(updater instanceof rensa.training.ParallelUpdater)) throw new TypeError('expected a ParallelUpdater');
  return { one, model, updater };
};

const WHEN = 'step === 2 && isOdd';
const post = (message: string) => `if (${WHEN}) threads.parentPort.postMessage(${message})`;
const NO_ANSWER = (what: string) => `it sent ${what} where an answer of rensa was expected`;

describe('a replica of two that', () => {
  it.each([
    ['computes for ever', `if (${WHEN}) for (;;);`, 'it did not answer within 5 s'],
    [
      'sleeps',
      `if (${WHEN}) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
      'it did not answer within 5 s',
    ],
    ['ends its process', `if (${WHEN}) process.exit(3)`, 'it ended with code 3'],
    ['throws later', `if (${WHEN}) setTimeout(() => { throw new Error('too late') })`, 'too late'],
    ['sends a text', post("'hello'"), NO_ANSWER("the text 'hello'")],
    ['sends null', post('null'), NO_ANSWER('null')],
    ['says again that it is there', post("{ kind: 'ready' }"), NO_ANSWER('an object { kind }')],
    ['sends half an answer', post("{ kind: 'done', number: 2 }"), NO_ANSWER('an object { kind, number }')],
    [
      'answers another step',
      post("{ kind: 'done', number: 1, values: new Map(), without: [] }"),
      NO_ANSWER('an object { kind, number, values, without }'),
    ],
    [
      'reports no numbers',
      post("{ kind: 'done', number: 2, values: new Map([['main/loss', 'low']]), without: [] }"),
      NO_ANSWER('an object { kind, number, values, without }'),
    ],
    [
      'answers a step that it was not given',
      `if (${WHEN}) setTimeout(() => threads.parentPort.postMessage({ kind: 'ready' }))`,
      NO_ANSWER('an object { kind }'),
    ],
  ])(
    '%s',
    async (_, inStep, reason) => {
      const { one, model, updater } = await parallel({ inStep });
      for (let k = 0; k < 6; k++) {
        await one.updater.update();
        await updater.update();
        expect(difference(one.model, model)).toBeLessThan(1e-5);
      }
      expect(updater.iteration).toBe(6);
      expect(updater.threads).toEqual({ count: 2, reason: `a worker was lost: ${reason}` });
      expect(warnings).toEqual([`ParallelUpdater: a worker was lost: ${reason}; 2 threads go on`]);
      updater.finalize();
    },
    30_000,
  );
});

describe('all replicas are lost', () => {
  it.each([
    ['in a step', { inStep: 'if (step === 1) for (;;);' }, 'it did not answer within 5 s'],
    ['at their start', { atStart: 'for (;;);' }, 'it did not start within 5 s'],
    ['by a start that waits for nothing', { atStart: 'await new Promise(() => {})' }, 'it ended with code 0'],
  ])(
    '%s: this thread computes alone',
    async (_, trouble, reason) => {
      const { one, model, updater } = await parallel(trouble);
      for (let k = 0; k < 4; k++) {
        await one.updater.update();
        await updater.update();
      }
      expect(difference(one.model, model)).toBeLessThan(1e-5);
      expect(updater.threads).toEqual({ count: 1, reason: `a worker was lost: ${reason}` });
      expect(warnings.at(-1)).toBe(`ParallelUpdater: a worker was lost: ${reason}; this thread goes on alone`);
      updater.finalize();
    },
    30_000,
  );

  it('without threads', async () => {
    threads.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        void this.terminate();
        throw new RangeError('no more threads');
      }
    };
    const { one, model, updater } = await parallel({});
    for (let k = 0; k < 2; k++) {
      await one.updater.update();
      await updater.update();
    }
    expect(difference(one.model, model)).toBeLessThan(1e-5);
    const reason = 'a worker was lost: it could not be started: no more threads';
    expect(updater.threads).toEqual({ count: 1, reason });
    updater.finalize();
  }, 30_000);
});

it('one of two that hangs at its start is left out', async () => {
  const { one, model, updater } = await parallel({ atStart: 'if (isOdd) for (;;);' });
  for (let k = 0; k < 3; k++) {
    await one.updater.update();
    await updater.update();
  }
  expect(difference(one.model, model)).toBeLessThan(1e-5);
  expect(updater.threads).toEqual({ count: 2, reason: 'a worker was lost: it did not start within 5 s' });
  updater.finalize();
}, 30_000);

describe.each([2, 3])('with dropout, a share that was lost by one of %d threads', (count) => {
  it('is computed with the same random numbers, and those of this thread stay in their order', async () => {
    const { np } = rensa;
    const { url, make } = await workshop.moduleOf('dropout', dropout('./index.js'));
    const lossy = dropout('./index.js').replace(
      'forward(x) {',
      `forward(x) {
         const { isMainThread, threadId } = process.getBuiltinModule('node:worker_threads');
         this.step = (this.step ?? -1) + 1;
         if (!isMainThread && this.step === 2 && (${count} === 2 || threadId % 2 === 1)) process.exit();`,
    );
    const other = await workshop.moduleOf(`lossy-${count}`, lossy);
    const run = async (source: URL) => {
      const { model, updater } = workshop.build(make, workshop.examplesOf(24, [6], 3), 9, {
        model: source,
        threads: count,
      });
      np.random.seed(7);
      const losses: number[] = [];
      const trainer = new rensa.training.Trainer(updater, [3, 'iteration'], null);
      const look = rensa.training.makeExtension({ trigger: [1, 'iteration'] }, ({ observation }) => {
        losses.push(Number(observation['main/loss']));
      });
      await trainer.extend(look, { name: 'look' }).run();
      return { model, losses, next: np.random.rand(2).tolist() };
    };
    const [wanted, got] = [await run(url), await run(other.url)];
    expect(warnings).toHaveLength(1);
    expect(difference(wanted.model, got.model)).toBeLessThan(1e-5);
    for (const [k, loss] of wanted.losses.entries()) expect(got.losses[k]).toBeCloseTo(loss, 5);
    expect(got.next).toEqual(wanted.next);
  }, 30_000);
});

it('after a snapshot was read, all replicas begin again', async () => {
  const { one, model, updater } = await parallel({ inStep: 'if (step === 1 && isOdd) for (;;);' });
  for (let k = 0; k < 3; k++) await updater.update();
  expect(updater.threads.count).toBe(2);
  rensa.serializers.fromNpz(await rensa.serializers.toNpz(updater), updater);
  await updater.update();
  expect(updater.threads).toEqual({ count: 3, reason: null });
  for (let k = 0; k < 4; k++) await one.updater.update();
  expect(difference(one.model, model)).toBeLessThan(1e-5);
  updater.finalize();
}, 30_000);

describe('nothing waits forever, and no worker stays', () => {
  it.each([
    ['starts', { atStart: 'for (;;);' }],
    ['computes', { inStep: 'for (;;);' }],
  ])(
    'of an updater that is finalized while a replica %s',
    async (_, trouble) => {
      const { model, updater } = await parallel(trouble, { timeout: Number.POSITIVE_INFINITY });
      const before = parametersOf(model);
      const update = updater.update();
      const refused = expect(update).rejects.toThrow(/a worker was ended before it was done/);
      await vi.waitFor(() => expect(alive.size).toBe(2));
      await new Promise((resolve) => setTimeout(resolve, 300));
      updater.finalize();
      await refused;
      expect(parametersOf(model)).toEqual(before);
    },
    30_000,
  );

  it('of updates that are not awaited: each has its turn', async () => {
    const { one, model, updater } = await parallel({});
    for (let k = 0; k < 4; k++) await one.updater.update();
    await Promise.all([updater.update(), updater.update(), updater.update(), updater.update()]);
    expect(alive.size).toBe(2);
    expect(difference(one.model, model)).toBeLessThan(1e-5);
    updater.finalize();
  }, 30_000);

  it('of an updater that is given up without a word', async () => {
    await (async () => {
      const { updater } = await parallel({});
      await updater.update();
    })();
    expect(alive.size).toBe(2);
    for (let k = 0; k < 20 && alive.size > 0; k++) await collectAndFinalize();
    expect(alive.size).toBe(0);
  }, 30_000);

  it('of a training that ends with an error', async () => {
    const { updater } = await parallel({ inStep: "if (step === 1) throw new TypeError('of the model')" });
    const trainer = new rensa.training.Trainer(updater, [3, 'iteration'], null);
    await expect(trainer.run()).rejects.toThrow('of the model');
    expect(updater.iteration).toBe(1);
    await expectNoneAlive();
  }, 30_000);
});

it.each([0, -1, Number.NaN, '60'])('a timeout of %s is refused', async (timeout) => {
  await expect(parallel({}, { timeout: timeout as number })).rejects.toThrow(
    /timeout is .*, expected a positive number/,
  );
});
