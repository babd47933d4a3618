/**
 * Every distinct convolution of VGG16, ResNet-50, ResNet-152 and MobileNetV2 at batch 1, each compiled alone with its weights
 * packed, as inside its network. FLOP/s are effective: of the multiplications that the definition asks for.
 */
import { compile, L, np } from '#rensa';
import { distinctConvolutions } from '../layers.mjs';
import { onnxPeers } from '../peers/onnx-contestants.mjs';

export async function* cases() {
  np.random.seed(2);
  for (const { model, channels, size, outChannels, kernel, stride, groups } of distinctConvolutions()) {
    const link = new L.Convolution2D(channels, outChannels, kernel, stride, kernel >> 1, { groups });
    const x = np.random.randn(1, channels, size, size);
    const predict = compile((image) => link(image), [x], { reuse: true });
    const { macs, layers } = predict.summary();
    const read = () => predict(x).dataSync();
    const kind = groups > 1 ? ' depthwise' : '';
    yield {
      title: `${model} ${channels}→${outChannels}, ${kernel}×${kernel}${stride > 1 ? `/${stride}` : ''}${kind}, ${size}×${size} (${layers[0].algorithm || 'not prepared'})`,
      flops: 2 * macs,
      tolerance: 1e-3,
      budgetMs: 250,
      contestants: [{ name: 'rensa', prepare: () => ({ run: read, read }) }, ...onnxPeers(predict.toOnnx(), x)],
    };
    predict.free();
    x[Symbol.dispose]();
  }
}
