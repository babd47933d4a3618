/** One LeNet5 training step of 32 images (forward, backward, SGD), one thread. tfjs' CPU backend is the peer that can. */
import { F, optimizers, scope } from 'rensa';
import { lenet5Setup } from '../lenet5.mjs';
import { expectAgreement } from '../measure.mjs';
import { crossEntropy, lenet5, lenet5Variables, tf, useBackend } from '../peers/tfjs.mjs';

const BATCH = 32;

export async function prepare() {
  const { model, x, t, weights, xData, tData } = lenet5Setup(BATCH);
  const optimizer = new optimizers.SGD(0.01).setup(model);
  const lossOf = () => scope(model, () => F.softmaxCrossEntropy(model(x), t).item());
  const ours = () => optimizer.update(() => F.softmaxCrossEntropy(model(x), t));

  await useBackend('cpu');
  const variables = lenet5Variables(weights);
  const images = tf.tensor(xData, [BATCH, 28, 28, 1]);
  const labels = tf.tensor(tData, [BATCH], 'int32');
  const sgd = tf.train.sgd(0.01);
  const theirLoss = () => crossEntropy(lenet5(variables, images), labels, 10);
  const tfjs = () => sgd.minimize(theirLoss);

  // The losses before and after one step agree, so both computed the same gradients.
  for (let step = 0; step < 2; step++) {
    const theirs = tf.tidy(() => theirLoss().dataSync());
    expectAgreement(`lenet5-train, loss after ${step} steps`, [lossOf()], theirs);
    ours();
    tfjs();
  }
  return {
    title: `LeNet5 training step, ${BATCH} images, one thread`,
    rounds: 20,
    contestants: [
      { name: 'rensa', run: ours },
      { name: 'tfjs cpu 4.22', run: tfjs },
    ],
  };
}
