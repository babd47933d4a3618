/**
 * Training steps of LeNet5 with one thread, and with batches divided between two. A step includes stacking the
 * examples.
 */
import { datasets, iterators, np, optimizers, training } from '#rensa';
import makeModel from '../replica.mjs';

const BATCHES = [32, 128, 512];
const EXAMPLES = 1024;
/**
 * The steps follow each other without a pause, as in training: threads that wait for long fall asleep, and wake
 * slowly.
 */
const UPDATES = 10;

export async function* cases() {
  np.random.seed(4);
  const examples = new datasets.TupleDataset(np.random.rand(EXAMPLES, 1, 28, 28), np.random.randint(0, 10, [EXAMPLES]));
  for (const batch of BATCHES) {
    const updaterOf = (threads) => {
      const optimizer = new optimizers.Adam().setup(makeModel());
      const iterator = new iterators.SerialIterator(examples, batch);
      const model = new URL('../replica.mjs', import.meta.url);
      return threads === 1
        ? new training.StandardUpdater(iterator, optimizer)
        : new training.ParallelUpdater(iterator, optimizer, { model, threads });
    };
    const steps = (threads) => () => {
      const updater = updaterOf(threads);
      const run = async () => {
        for (let k = 0; k < UPDATES; k++) await updater.update();
      };
      return { run, free: () => updater.finalize() };
    };
    yield {
      title: `${UPDATES} updates, batches of ${batch}`,
      budgetMs: 4_000,
      contestants: [
        { name: 'rensa, 2 threads', prepare: steps(2) },
        { name: 'rensa, 1 thread', prepare: steps(1) },
      ],
    };
  }
}
