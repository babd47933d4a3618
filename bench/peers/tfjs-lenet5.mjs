/** LeNet5 in tfjs, with the same weights and the same arithmetic, on the current backend. */
import * as tf from '@tensorflow/tfjs-core';

/** LeNet5's parameters as tfjs variables: convolutions HWIO, products (in, out). */
export function lenet5Variables(weights) {
  const variables = {};
  for (const name of ['conv1', 'conv2', 'conv3']) {
    const { data, shape } = weights[`/${name}/W`];
    variables[`${name}/W`] = tf.variable(tf.transpose(tf.tensor(data, shape), [2, 3, 1, 0]));
    variables[`${name}/b`] = tf.variable(tf.tensor(weights[`/${name}/b`].data));
  }
  for (const name of ['fc4', 'fc5']) {
    const { data, shape } = weights[`/${name}/W`];
    variables[`${name}/W`] = tf.variable(tf.transpose(tf.tensor(data, shape)));
    variables[`${name}/b`] = tf.variable(tf.tensor(weights[`/${name}/b`].data));
  }
  return variables;
}

/** The scores of LeNet5 for x (N, 28, 28, 1). */
export function lenet5(v, x) {
  const conv = (h, name) => tf.sigmoid(tf.add(tf.conv2d(h, v[`${name}/W`], 1, 'valid'), v[`${name}/b`]));
  const pool = (h) => tf.maxPool(h, 2, 2, 'valid');
  let h = pool(conv(x, 'conv1'));
  h = pool(conv(h, 'conv2'));
  h = tf.reshape(conv(h, 'conv3'), [x.shape[0], -1]);
  h = tf.sigmoid(tf.add(tf.matMul(h, v['fc4/W']), v['fc4/b']));
  return tf.add(tf.matMul(h, v['fc5/W']), v['fc5/b']);
}

/** The mean softmax cross entropy of scores and integer labels. */
export function crossEntropy(scores, labels, classes) {
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(scores), tf.oneHot(labels, classes)), 1)));
}
