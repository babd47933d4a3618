/** A classifier of ImageNet's images, for one image and for eight: the same folded weights in every library. */
import { compile, init, noBackpropMode, scope, usingConfig } from '#rensa';
import { modelSetup } from '../models.mjs';
import { onnxPeers } from '../peers/onnx-contestants.mjs';

/** The cases of a model: a compiled model's answer is read each time, as the peers' are. */
export const classifier = (name, { batches, threads = [1] }) =>
  async function* cases() {
    for (const count of threads) {
      await init({ threads: count });
      for (const batch of batches) yield* casesOf(name, batch, count);
    }
  };

async function* casesOf(name, batch, threads) {
  const { model, classify, x } = modelSetup(name, batch);
  const predict = compile(classify, [x], { reuse: true });
  const compiled = () => predict(x).dataSync();
  const eager = () =>
    scope(model, () => usingConfig('train', false, () => noBackpropMode(() => classify(x).dataSync())));
  const eagerly = { name: 'rensa, not compiled', prepare: () => ({ run: eager, read: eager }) };
  yield {
    title: `${batch} image${batch > 1 ? 's' : ''}${threads > 1 ? `, ${threads} threads` : ''}`,
    flops: 2 * predict.summary().macs,
    tolerance: 1e-3,
    budgetMs: 1_500,
    threads,
    contestants: [
      { name: 'rensa', prepare: () => ({ run: compiled, read: compiled }) },
      ...(batch === 1 && threads === 1 ? [eagerly] : []),
      ...onnxPeers(predict.toOnnx(), x, threads),
    ],
  };
  predict.free();
  model.cleargrads();
}
