/** LeNet5, 32 images to 32 distributions, one thread. */
import * as ort from 'onnxruntime-web';
import { compile, noBackpropMode, scope, usingConfig } from 'rensa';
import { lenet5Setup } from '../lenet5.mjs';
import { expectAgreement } from '../measure.mjs';
import { onnxLenet5 } from '../peers/onnx-lenet5.mjs';
import { lenet5, lenet5Variables, tf, useBackend } from '../peers/tfjs.mjs';

const BATCH = 32;

export async function prepare() {
  const { model, x, weights, xData } = lenet5Setup(BATCH);
  const ours = () => scope(model, () => usingConfig('train', false, () => noBackpropMode(() => model(x).dataSync())));
  const predict = compile(model, [x]);
  const compiled = () => scope(null, () => predict(x).dataSync());

  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(onnxLenet5(weights, BATCH), { executionProviders: ['wasm'] });
  const onnxruntime = async () => {
    const { y } = await session.run({ x: new ort.Tensor('float32', xData, [BATCH, 1, 28, 28]) });
    return y.data;
  };

  await useBackend('wasm');
  const variables = lenet5Variables(weights);
  const images = tf.tensor(xData, [BATCH, 28, 28, 1]);
  const tfjs = () => {
    const y = tf.tidy(() => tf.softmax(lenet5(variables, images)));
    const data = y.dataSync();
    y.dispose();
    return data;
  };

  expectAgreement('lenet5-inference, compiled', ours(), compiled());
  expectAgreement('lenet5-inference, onnxruntime-web', ours(), await onnxruntime());
  expectAgreement('lenet5-inference, tfjs wasm', ours(), tfjs());
  return {
    title: `LeNet5 inference, ${BATCH} images, one thread`,
    contestants: [
      { name: 'rensa', run: ours },
      { name: 'rensa, compiled', run: compiled },
      { name: 'tfjs wasm 4.22', run: tfjs },
      { name: 'onnxruntime-web 1.30', run: onnxruntime },
    ],
  };
}
