/**
 * `npm run onnx-check [-- NAME…]`: saves models as ONNX and asks onnxruntime-web for the same answers. Prints for each
 * model the largest difference of Rensa's own reader, and of onnxruntime, as a share of the largest answer.
 */
import * as ort from 'onnxruntime-web';
import { Chain, compile, F, L, np, serializers } from '#rensa';
import { LeNet5 } from './lenet5.mjs';

/** Dilated and grouped convolutions, and deconvolutions with and without a remainder of their stride. */
class Geometries extends Chain {
  dilated = new L.Convolution2D(3, 8, 3, 1, 2, { dilate: 2 });
  grouped = new L.Convolution2D(8, 12, 3, 2, 1, { groups: 4 });
  norm = new L.BatchNormalization(12);
  up = new L.Deconvolution2D(12, 6, 4, 2, 1);
  out = new L.Deconvolution2D(6, 4, 3, 2, 1, { outsize: [64, 64] });

  forward(x) {
    let h = F.relu(this.norm(this.grouped(F.relu(this.dilated(x)))));
    h = F.concat([F.averagePooling2d(h, 3, 1, 1), F.maxPooling2d(h, 3, 1, 1)], 1);
    h = F.leakyRelu(this.up(h.reshape(-1, 2, 12, 16, 16).sum(1)));
    return F.softmax(this.out(h), 1);
  }
}

const layer = (model, name) => (x) => model(x, [name])[name];

/** Models by name: the function to compile, and the shape of its input. */
const MODELS = {
  lenet5: () => [new LeNet5(), [32, 1, 28, 28]],
  vgg16: () => [layer(new L.VGG16Layers(), 'fc8'), [1, 3, 224, 224]],
  resnet50: () => [layer(new L.ResNet50Layers(), 'fc6'), [1, 3, 224, 224]],
  resnet152: () => [layer(new L.ResNet152Layers(), 'fc6'), [1, 3, 224, 224]],
  googlenet: () => [layer(new L.GoogLeNet(), 'loss3_fc'), [1, 3, 224, 224]],
  geometries: () => [new Geometries(), [2, 3, 32, 32]],
};

/** Without Winograd's rounding, answers agree to this share of the largest. */
const TOLERANCE = 1e-4;

const difference = (got, want) => {
  let [worst, largest] = [0, 0];
  for (const [i, v] of want.entries()) {
    largest = Math.max(largest, Math.abs(v));
    worst = Math.max(worst, Math.abs(v - got[i]));
  }
  return worst / largest;
};

ort.env.wasm.numThreads = 1;
const names = process.argv.slice(2);
let failures = 0;
for (const name of names.length > 0 ? names : Object.keys(MODELS)) {
  np.random.seed(0);
  const [model, shape] = MODELS[name]();
  const x = np.random.randn(...shape);
  const predict = compile(model, [x]);
  const want = predict(x).dataSync();
  const bytes = predict.toOnnx();
  const ours = difference((await serializers.loadOnnx(bytes))(x).dataSync(), want);
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  const { output } = await session.run({ input: new ort.Tensor('float32', x.dataSync(), shape) });
  const theirs = difference(output.data, want);
  await session.release();
  predict.free();
  const good = ours <= TOLERANCE && theirs <= TOLERANCE;
  if (!good) failures++;
  console.log(
    `${good ? '✓' : '✗'} ${name}: ${(bytes.length / 1e6).toFixed(1)} MB, read again ${ours.toExponential(1)}, ` +
      `onnxruntime ${theirs.toExponential(1)}`,
  );
}
process.exit(failures > 0 ? 1 : 0);
