/**
 * One LeNet5 training step of 32 images: forward, backward, SGD. The one peer that can train is tfjs on its CPU
 * backend.
 */
import { F, optimizers, scope } from '#rensa';
import { lenet5Setup } from '../lenet5.mjs';
import { expectAgreement } from '../measure.mjs';
import { NAMES, tfjs } from '../peers/index.mjs';

const BATCH = 32;
const RATE = 0.01;

export async function* cases() {
  const { model, x, t, weights, xData, tData } = lenet5Setup(BATCH);
  const optimizer = new optimizers.SGD(RATE).setup(model);
  const lossOf = () => scope(model, () => F.softmaxCrossEntropy(model(x), t).item());
  const ours = () => optimizer.update(() => F.softmaxCrossEntropy(model(x), t));
  const losses = [lossOf()];
  ours();
  losses.push(lossOf());

  const ofTfjs = async () => {
    const tf = await tfjs('cpu');
    const { crossEntropy, lenet5, lenet5Variables } = await import('../peers/tfjs-lenet5.mjs');
    const variables = lenet5Variables(weights);
    const images = tf.tensor(xData, [BATCH, 28, 28, 1]);
    const labels = tf.tensor(tData, [BATCH], 'int32');
    const sgd = tf.train.sgd(RATE);
    const theirLoss = () => crossEntropy(lenet5(variables, images), labels, 10);
    const run = () => sgd.minimize(theirLoss);
    // The losses before and after one step agree, so both computed the same gradients.
    for (const [step, loss] of losses.entries()) {
      if (step > 0) run();
      expectAgreement(
        [loss],
        tf.tidy(() => theirLoss().dataSync()),
      );
    }
    return { run };
  };
  const cannot = (reason) => () => {
    throw new Error(reason);
  };
  yield {
    title: `${BATCH} images`,
    contestants: [
      { name: 'rensa', prepare: () => ({ run: ours }) },
      { name: NAMES.tfjsCpu, prepare: ofTfjs },
      { name: NAMES.tfjsWasm, prepare: cannot('its wasm backend has no gradient of a convolution') },
      { name: NAMES.onnxruntimeWeb, prepare: cannot('it does not train') },
    ],
  };
}
