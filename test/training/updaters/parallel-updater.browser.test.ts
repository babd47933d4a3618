/** Batches divided among a page and its workers. Oracle: StandardUpdater, which has one thread. */
import { afterEach, expect, it, vi } from 'vitest';
import { iterators, type Link, np, optimizers, training } from '../../../src/index.js';
import make from './replica-model.js';
import makeTroubled from './troubled-replica.js';

afterEach(() => vi.restoreAllMocks());

const url = new URL('./replica-model.ts', import.meta.url);
const troubled = new URL('./troubled-replica.ts', import.meta.url);

const trainings = (makeModel: () => Link, model: training.ReplicaSource, timeout = 60) => {
  np.random.seed(5);
  const examples = Array.from({ length: 12 }, (_, k) => [np.random.randn(6).astype('float32'), k % 3] as const);
  const build = () => {
    np.random.seed(1);
    const target = makeModel();
    const optimizer = new optimizers.MomentumSGD(0.05).setup(target);
    return { target, optimizer, iterator: new iterators.SerialIterator(examples, 5, { shuffle: false }) };
  };
  const [one, many] = [build(), build()];
  const options = { model, timeout, threads: 2 };
  const parallel = new training.ParallelUpdater(many.iterator, many.optimizer, options);
  const standard = new training.StandardUpdater(one.iterator, one.optimizer);
  const values = (target: Link) => [...target.params()].flatMap(({ array }) => [...array.dataSync()]);
  const difference = () => {
    const got = values(many.target);
    return Math.max(...values(one.target).map((v, k) => Math.abs(v - got[k])));
  };
  return { standard, parallel, difference };
};

it.each([
  ['by the URL of its module', url],
  ['as the script of a worker', () => new Worker(url, { type: 'module' })],
])('20 updates are those of one thread: a replica %s', async (_, source) => {
  const { standard, parallel, difference } = trainings(make, source);
  for (let k = 0; k < 20; k++) {
    await standard.update();
    await parallel.update();
  }
  expect(parallel.threads).toEqual({ count: 2, reason: null });
  parallel.finalize();
  expect(difference()).toBeLessThan(1e-5);
});

it.each([
  ['close', 'it did not answer within 5 s'],
  ['compute', 'it did not answer within 5 s'],
  ['post', "it sent the text 'hello' where an answer of rensa was expected"],
  ['throw', /too late/],
])('a replica that is lost by %s is terminated, and the training goes on alone', async (trouble, reason) => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const terminated = vi.spyOn(Worker.prototype, 'terminate');
  const source = new URL(troubled);
  source.searchParams.set('trouble', trouble);
  const { standard, parallel, difference } = trainings(makeTroubled, source, 5);
  for (let k = 0; k < 6; k++) {
    await standard.update();
    await parallel.update();
  }
  expect(difference()).toBeLessThan(1e-5);
  expect(parallel.threads.count).toBe(1);
  expect(parallel.threads.reason).toMatch(reason);
  expect(terminated).toHaveBeenCalledTimes(1);
  parallel.finalize();
});
