/** Kernels, a dataset and replicas in workers: prints what they computed, and then ends although all workers still run. */
import { datasets, getRuntimeInfo, init, iterators, np, optimizers, training } from 'rensa';
import makeModel from './replica.mjs';

await init({ threads: 2 });
const x = np.ones([300, 300]);
const sum = np.matmul(x, x).sum().item();

const examples = new datasets.ModuleDataset(new URL('./examples.mjs', import.meta.url), 4);
const decoder = new iterators.MultithreadIterator(examples, 4, { shuffle: false, nThreads: 2 });
const batch = datasets.concatExamples((await decoder.next()).value);

const pairs = Array.from({ length: 6 }, (_, k) => [np.ones([4]), k % 3]);
const optimizer = new optimizers.SGD().setup(makeModel());
const model = new URL('./replica.mjs', import.meta.url);
const updater = new training.ParallelUpdater(new iterators.SerialIterator(pairs, 6), optimizer, { model, threads: 3 });
await updater.update();

console.log(
  JSON.stringify({
    threads: getRuntimeInfo().threads,
    sum,
    batch: batch.map((array) => array.tolist()),
    replicas: updater.threads,
  }),
);
