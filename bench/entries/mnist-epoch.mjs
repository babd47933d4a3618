/** An epoch of LeNet5 over random images, as many as MNIST has, in shuffled batches of 100. */
import { datasets, F, iterators, np, optimizers, scope } from '#rensa';
import { LeNet5 } from '../lenet5.mjs';

const IMAGES = 60_000;
const BATCH = 100;

export async function* cases() {
  np.random.seed(4);
  const images = np.random.rand(IMAGES, 1, 28, 28);
  const labels = np.random.randint(0, 10, [IMAGES]);
  const model = new LeNet5();
  const optimizer = new optimizers.SGD(0.01).setup(model);
  const iterator = new iterators.SerialIterator(new datasets.TupleDataset(images, labels), BATCH);
  const epoch = async () => {
    for (const last = iterator.epoch; iterator.epoch === last; ) {
      const { value: batch } = await iterator.next();
      // The arrays of a step are freed with the step.
      scope([model, optimizer], () => {
        const [x, t] = datasets.concatExamples(batch);
        optimizer.update(() => F.softmaxCrossEntropy(model(x), t));
      });
    }
  };
  yield { title: '60,000 images', budgetMs: 1, contestants: [{ name: 'rensa', prepare: () => ({ run: epoch }) }] };
}
