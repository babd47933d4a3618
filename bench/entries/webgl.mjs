/**
 * Rensa's WebGL2 backend against tfjs's, each on a context of its own in one page: networks, products and
 * convolutions. Every run ends by reading its result, because commands to a GPU return before the work is done.
 */
import { compile, F, init, noBackpropMode, np, optimizers, parseOnnx, scope, usingConfig } from '#rensa';
import { lenet5Setup } from '../lenet5.mjs';
import { expectAgreement } from '../measure.mjs';
import { modelSetup } from '../models.mjs';
import { NAMES } from '../peers/index.mjs';

const BATCH = 32;
const LEARNING_RATE = 0.01;

const peer = () => import('../peers/tfjs-webgl.mjs');

/** The GPU, or its software, by the browser's name for it. */
function renderer() {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  return gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
}

/**
 * A case of the function `ours` and of the function that `prepareTheirs` gives. `read`: whether the answers are
 * compared.
 */
function caseOf(title, ours, prepareTheirs) {
  return {
    title,
    budgetMs: 6_000,
    notes: [`on ${renderer()}`],
    contestants: [
      { name: 'rensa webgl', prepare: () => ours },
      { name: NAMES.tfjsWebgl, prepare: async () => prepareTheirs(await peer()) },
    ],
  };
}

/** A function whose result is the answer. */
const answering = (run) => ({ run, read: run });

function inference() {
  const { model, x, weights, xData } = lenet5Setup(BATCH);
  const ours = () => scope(model, () => usingConfig('train', false, () => noBackpropMode(() => model(x).dataSync())));
  return caseOf(`LeNet5 inference, ${BATCH} images`, answering(ours), ({ tf, lenet5, lenet5Variables, read }) => {
    const variables = lenet5Variables(weights);
    const images = tf.tensor(xData, [BATCH, 28, 28, 1]);
    return answering(() => read(() => tf.softmax(lenet5(variables, images))));
  });
}

/** Each side reads a parameter, so that the step is complete. */
function train() {
  const { model, x, t, weights, xData, tData } = lenet5Setup(BATCH);
  const optimizer = new optimizers.SGD(LEARNING_RATE).setup(model);
  const lossOf = () => scope(model, () => F.softmaxCrossEntropy(model(x), t).item());
  const step = () => {
    optimizer.update(() => F.softmaxCrossEntropy(model(x), t));
    return model.fc5.b.dataSync();
  };
  const losses = [lossOf()];
  step();
  losses.push(lossOf());
  const prepareTheirs = ({ tf, crossEntropy, lenet5, lenet5Variables, read }) => {
    const variables = lenet5Variables(weights);
    const images = tf.tensor(xData, [BATCH, 28, 28, 1]);
    const labels = tf.tensor(tData, [BATCH], 'int32');
    const sgd = tf.train.sgd(LEARNING_RATE);
    const theirLoss = () => crossEntropy(lenet5(variables, images), labels, 10);
    const run = () => {
      sgd.minimize(theirLoss);
      return variables['fc5/b'].dataSync();
    };
    // The losses before and after one step agree, so both computed the same gradients.
    for (const [at, loss] of losses.entries()) {
      if (at > 0) run();
      expectAgreement([loss], read(theirLoss));
    }
    return { run };
  };
  return caseOf(`LeNet5 training step, ${BATCH} images`, { run: step }, prepareTheirs);
}

function matmul(n) {
  const [a, b] = [np.random.randn(n, n), np.random.randn(n, n)];
  const ours = () => scope(null, () => np.matmul(a, b).dataSync());
  return caseOf(`matrix product, ${n}³`, answering(ours), ({ tf, read }) => {
    const [ta, tb] = [a, b].map((array) => tf.tensor(array.dataSync(), [n, n]));
    return answering(() => read(() => tf.matMul(ta, tb)));
  });
}

/** One image in the layout of each library: channels first for Rensa, last for tfjs. */
function convolution(ksize, channels, outChannels, size) {
  const pad = ksize >> 1;
  const x = np.random.randn(1, channels, size, size);
  const w = np.random.randn(outChannels, channels, ksize, ksize);
  const ours = () => scope(null, () => noBackpropMode(() => F.convolution2d(x, w, null, 1, pad).dataSync()));
  return caseOf(
    `${ksize}×${ksize} convolution ${channels}→${outChannels} at ${size}×${size}`,
    answering(ours),
    ({ tf, read }) => {
      const image = tf.transpose(tf.tensor(x.dataSync(), [1, channels, size, size]), [0, 2, 3, 1]);
      const kernel = tf.transpose(tf.tensor(w.dataSync(), [outChannels, channels, ksize, ksize]), [2, 3, 1, 0]);
      const convolve = () => tf.conv2d(image, kernel, 1, 'same');
      return { run: () => read(convolve), read: () => read(() => tf.transpose(convolve(), [0, 3, 1, 2])) };
    },
  );
}

/** A whole classifier, one image: each side has batch normalization folded into its convolutions. */
function classifier(name) {
  const { classify, x } = modelSetup(name, 1);
  const predict = compile(classify, [x]);
  const ours = () => scope(null, () => predict(x).dataSync());
  return caseOf(`${name} inference, 1 image`, answering(ours), ({ tf, read, tfjsOnnx }) => {
    const run = tfjsOnnx(parseOnnx(predict.toOnnx()));
    const image = tf.transpose(tf.tensor(x.dataSync(), [...x.shape]), [0, 2, 3, 1]);
    return answering(() => read(() => run(image)));
  });
}

export async function* cases() {
  await init({ device: 'webgl' });
  yield inference();
  yield train();
  yield matmul(512);
  yield convolution(3, 64, 64, 56);
  yield convolution(1, 64, 256, 56);
  yield classifier('vgg16');
  yield classifier('resnet50');
}
