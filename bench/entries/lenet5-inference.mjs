/** LeNet5 for 1, 32 and 128 images, from images to distributions. */
import { compile, noBackpropMode, scope, usingConfig } from '#rensa';
import { lenet5Setup } from '../lenet5.mjs';
import { onnxPeers } from '../peers/onnx-contestants.mjs';

export async function* cases() {
  for (const batch of [1, 32, 128]) {
    const { model, x } = lenet5Setup(batch);
    const eager = () =>
      scope(model, () => usingConfig('train', false, () => noBackpropMode(() => model(x).dataSync())));
    const predict = compile(model, [x], { reuse: true });
    const compiled = () => predict(x).dataSync();
    yield {
      title: `${batch} image${batch > 1 ? 's' : ''}`,
      flops: 2 * predict.summary().macs,
      contestants: [
        { name: 'rensa', prepare: () => ({ run: compiled, read: compiled }) },
        { name: 'rensa, not compiled', prepare: () => ({ run: eager, read: eager }) },
        ...onnxPeers(predict.toOnnx(), x),
      ],
    };
    predict.free();
  }
}
