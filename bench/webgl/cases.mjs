/**
 * What the WebGL2 benchmark times. Every run ends by reading its result back, as commands to a GPU return before the
 * work is done; every case compares the answers before it is timed.
 */
import * as tf from '@tensorflow/tfjs-core';
import { compile, F, noBackpropMode, np, optimizers, parseOnnx, scope, usingConfig } from 'rensa';
import { lenet5Setup } from '../lenet5.mjs';
import { expectAgreement } from '../measure.mjs';
import { modelSetup } from '../models.mjs';
import { crossEntropy, lenet5, lenet5Variables } from '../peers/tfjs-lenet5.mjs';
import { tfjsOnnx } from '../peers/tfjs-onnx.mjs';

const BATCH = 32;
const LEARNING_RATE = 0.01;

/** The elements of the tensor that `fn` makes; all it makes is disposed of. */
function read(fn) {
  const tensor = tf.tidy(fn);
  const data = tensor.dataSync();
  tensor.dispose();
  return data;
}

/** A case whose both sides compute the same array. */
function compared(title, ours, theirs) {
  expectAgreement(ours(), theirs());
  return { title, ours, theirs };
}

function inference() {
  const { model, x, weights, xData } = lenet5Setup(BATCH);
  const variables = lenet5Variables(weights);
  const images = tf.tensor(xData, [BATCH, 28, 28, 1]);
  return compared(
    `LeNet5 inference, ${BATCH} images`,
    () => scope(model, () => usingConfig('train', false, () => noBackpropMode(() => model(x).dataSync()))),
    () => read(() => tf.softmax(lenet5(variables, images))),
  );
}

function train() {
  const { model, x, t, weights, xData, tData } = lenet5Setup(BATCH);
  const optimizer = new optimizers.SGD(LEARNING_RATE).setup(model);
  const variables = lenet5Variables(weights);
  const images = tf.tensor(xData, [BATCH, 28, 28, 1]);
  const labels = tf.tensor(tData, [BATCH], 'int32');
  const sgd = tf.train.sgd(LEARNING_RATE);
  const theirLoss = () => crossEntropy(lenet5(variables, images), labels, 10);
  // Of each side a parameter is read, which no step is done without.
  const ours = () => {
    optimizer.update(() => F.softmaxCrossEntropy(model(x), t));
    return model.fc5.b.dataSync();
  };
  const theirs = () => {
    sgd.minimize(theirLoss);
    return variables['fc5/b'].dataSync();
  };
  const title = `LeNet5 training step, ${BATCH} images`;
  // The losses before and after one step agree, so both computed the same gradients.
  for (let step = 0; step < 2; step++) {
    const loss = scope(model, () => F.softmaxCrossEntropy(model(x), t).item());
    expectAgreement([loss], read(theirLoss));
    ours();
    theirs();
  }
  return { title, ours, theirs };
}

function matmul(n) {
  const [a, b] = [np.random.randn(n, n), np.random.randn(n, n)];
  const [ta, tb] = [a, b].map((array) => tf.tensor(array.dataSync(), [n, n]));
  return compared(
    `matrix product, ${n}³`,
    () => scope(null, () => np.matmul(a, b).dataSync()),
    () => read(() => tf.matMul(ta, tb)),
  );
}

/** One image, as each library lays it out: channels first here, last there. */
function convolution(ksize, channels, outChannels, size) {
  const pad = ksize >> 1;
  const x = np.random.randn(1, channels, size, size);
  const w = np.random.randn(outChannels, channels, ksize, ksize);
  const image = tf.transpose(tf.tensor(x.dataSync(), [1, channels, size, size]), [0, 2, 3, 1]);
  const kernel = tf.transpose(tf.tensor(w.dataSync(), [outChannels, channels, ksize, ksize]), [2, 3, 1, 0]);
  const ours = () => scope(null, () => noBackpropMode(() => F.convolution2d(x, w, null, 1, pad).dataSync()));
  const theirTensor = () => tf.conv2d(image, kernel, 1, 'same');
  const title = `${ksize}×${ksize} convolution ${channels}→${outChannels} at ${size}×${size}`;
  const theirAnswer = read(() => tf.transpose(theirTensor(), [0, 3, 1, 2]));
  expectAgreement(ours(), theirAnswer);
  return { title, ours, theirs: () => read(theirTensor) };
}

/** A whole classifier, one image: each side has batch normalization folded into its convolutions. */
function classifier(name) {
  const { classify, x } = modelSetup(name, 1);
  const predict = compile(classify, [x]);
  const run = tfjsOnnx(parseOnnx(predict.toOnnx()));
  const image = tf.transpose(tf.tensor(x.dataSync(), x.shape), [0, 2, 3, 1]);
  return compared(
    `${name} inference, 1 image`,
    () => scope(null, () => predict(x).dataSync()),
    () => read(() => run(image)),
  );
}

/** Each prepares a case: `ours` and `theirs` do the whole work once. */
export const CASES = {
  inference,
  train,
  matmul: () => matmul(512),
  conv3x3: () => convolution(3, 64, 64, 56),
  conv1x1: () => convolution(1, 64, 256, 56),
  vgg16: () => classifier('vgg16'),
  resnet50: () => classifier('resnet50'),
};
