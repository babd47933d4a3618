/** Batches divided among a page and its workers. Oracle: StandardUpdater, which has one thread. */
import { expect, it } from 'vitest';
import { iterators, np, optimizers, training } from '../../src/index.js';
import make from './replica-model.js';

const url = new URL('./replica-model.ts', import.meta.url);

it.each([
  ['by the URL of its module', url],
  ['as the script of a worker', () => new Worker(url, { type: 'module' })],
])('20 updates are those of one thread: a replica %s', async (_, source) => {
  np.random.seed(5);
  const examples = Array.from({ length: 12 }, (_, k) => [np.random.randn(6).astype('float32'), k % 3] as const);
  const build = () => {
    np.random.seed(1);
    const model = make();
    const optimizer = new optimizers.MomentumSGD(0.05).setup(model);
    return { model, optimizer, iterator: new iterators.SerialIterator(examples, 5, { shuffle: false }) };
  };
  const [one, many] = [build(), build()];
  const standard = new training.StandardUpdater(one.iterator, one.optimizer);
  const parallel = new training.ParallelUpdater(many.iterator, many.optimizer, { model: source, threads: 2 });
  for (let k = 0; k < 20; k++) {
    await standard.update();
    await parallel.update();
  }
  expect(parallel.threads).toEqual({ count: 2, reason: null });
  parallel.finalize();
  const wanted = [...one.model.params()].flatMap(({ array }) => [...array.dataSync()]);
  const got = [...many.model.params()].flatMap(({ array }) => [...array.dataSync()]);
  expect(Math.max(...wanted.map((v, k) => Math.abs(v - got[k])))).toBeLessThan(1e-5);
});
