/**
 * An ONNX model run by tfjs: the same folded weights and the same operators, in tfjs's own layout (channels last) and
 * with its fused kernels. It supports the operators of image classifiers and refuses others.
 */
import * as tf from '@tensorflow/tfjs-core';

/** The elements of a float or integer initializer. */
function elementsOf({ dtype, elements }) {
  if (!Array.isArray(elements)) return Float32Array.from(elements.numbers);
  const bytes = new Uint8Array(elements.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of elements) {
    bytes.set(piece, at);
    at += piece.length;
  }
  if (dtype === 'int64') return Float32Array.from(new BigInt64Array(bytes.buffer), Number);
  if (dtype !== 'float32') throw new Error(`tfjs: an initializer of ${dtype}`);
  return new Float32Array(bytes.buffer);
}

const ELEMENTWISE = { Relu: tf.relu, Sigmoid: tf.sigmoid, Tanh: tf.tanh };
const BINARY = { Add: tf.add, Sub: tf.sub, Mul: tf.mul, Div: tf.div };

/** ONNX's pads (top, left, bottom, right) in tfjs's form. */
const padsOf = ([top, left, bottom, right]) => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

class Weights {
  #model;
  #made = new Map();

  constructor(model) {
    this.#model = model;
  }

  has(name) {
    return this.#model.initializers.has(name);
  }

  numbers(name) {
    return [...elementsOf(this.#model.initializers.get(name))];
  }

  /** A constant with its axes in another order, made once. */
  tensor(name, permutation = null) {
    const key = `${name} ${permutation}`;
    if (!this.#made.has(key)) {
      const constant = this.#model.initializers.get(name);
      const made = tf.tidy(() => {
        const given = tf.tensor(elementsOf(constant), [...constant.shape], 'float32');
        return permutation ? tf.transpose(given, permutation) : given;
      });
      this.#made.set(key, tf.keep(made));
    }
    return this.#made.get(key);
  }

  free() {
    for (const tensor of this.#made.values()) tensor.dispose();
  }
}

/** An image's tensor (N, H, W, C) in ONNX's order of elements. Images of one pixel are in that order already. */
function channelsFirst(tensor) {
  const isImage = tensor.rank === 4 && tensor.shape[1] * tensor.shape[2] > 1;
  return isImage ? tf.transpose(tensor, [0, 3, 1, 2]) : tensor;
}

/** A value as rows, one per image; other values unchanged. */
const rows = (tensor) =>
  tensor.rank === 4 ? tf.reshape(channelsFirst(tensor), [tensor.shape[0], tensor.size / tensor.shape[0]]) : tensor;

/** Each operator, from its values in channels-last order and the node's attributes to its result. */
const OPERATORS = {
  Conv({ inputs: [x, w, b], get, weights, ints, activation }) {
    const groups = ints('group', [1])[0];
    const filter = weights.tensor(w, groups > 1 ? [2, 3, 0, 1] : [2, 3, 1, 0]);
    if (groups > 1 && (filter.shape[3] !== 1 || filter.shape[2] !== groups))
      throw new Error('tfjs: grouped convolutions are missing');
    const pads = ints('pads', [0, 0, 0, 0]);
    const options = {
      x: get(x),
      filter,
      strides: ints('strides', [1, 1]),
      pad: pads.some((n) => n > 0) ? padsOf(pads) : 'valid',
      dilations: ints('dilations', [1, 1]),
      bias: b && weights.tensor(b),
      activation,
    };
    return groups > 1 ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
  },
  Gemm({ inputs: [a, b, c], get, weights, ints, activation }) {
    return tf.fused.matMul({
      a: rows(get(a)),
      b: weights.tensor(b),
      transposeB: ints('transB', [0])[0] === 1,
      bias: c && weights.tensor(c),
      activation,
    });
  },
  MatMul: ({ inputs: [a, b], get, weights }) => tf.matMul(rows(get(a)), weights.has(b) ? weights.tensor(b) : get(b)),
  MaxPool({ inputs: [x], get, ints }) {
    // After a relu, zeros around an image do not change a maximum.
    const padded = tf.pad(get(x), padsOf(ints('pads', [0, 0, 0, 0])));
    return tf.maxPool(padded, ints('kernel_shape'), ints('strides', [1, 1]), 'valid');
  },
  AveragePool({ inputs: [x], get, ints }) {
    const padded = tf.pad(get(x), padsOf(ints('pads', [0, 0, 0, 0])));
    return tf.avgPool(padded, ints('kernel_shape'), ints('strides', [1, 1]), 'valid');
  },
  GlobalAveragePool: ({ inputs: [x], get }) => tf.mean(get(x), [1, 2], true),
  Softmax: ({ inputs: [x], get }) => tf.softmax(rows(get(x))),
  Flatten: ({ inputs: [x], get }) => rows(get(x)),
  Reshape({ inputs: [x, shape], get, weights }) {
    const value = get(x);
    const to = weights.numbers(shape).map((n, axis) => (n === 0 ? value.shape[axis] : n));
    if (to.length < 4) return tf.reshape(channelsFirst(value), to);
    if (to.length > 4 || to[2] * to[3] !== 1) throw new Error(`tfjs: a reshape to ${to}`);
    return tf.reshape(value, [to[0], 1, 1, to[1]]);
  },
  Identity: ({ inputs: [x], get }) => get(x),
  Clip: ({ inputs: [x, low, high], get, weights }) =>
    tf.clipByValue(get(x), weights.numbers(low)[0], weights.numbers(high)[0]),
};
for (const [op, apply] of Object.entries(ELEMENTWISE)) OPERATORS[op] = ({ inputs: [x], get }) => apply(get(x));
for (const [op, apply] of Object.entries(BINARY)) {
  OPERATORS[op] = ({ inputs, get, weights }) =>
    apply(...inputs.map((name) => (weights.has(name) ? weights.tensor(name) : get(name))));
}

/** The activations that tfjs fuses, where the node is the only reader of a product, by tfjs's names. */
function fusionsOf(nodes, outputs) {
  const readers = new Map();
  for (const node of nodes) for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node]);
  const fused = new Map();
  for (const node of nodes) {
    const [reader, ...others] = readers.get(node.outputs[0]) ?? [];
    const activation = { Relu: 'relu', Sigmoid: 'sigmoid' }[reader?.op];
    const fusable = (node.op === 'Conv' || node.op === 'Gemm') && activation && others.length === 0;
    if (fusable && !outputs.some(({ name }) => name === node.outputs[0])) fused.set(node, { activation, reader });
  }
  return fused;
}

/**
 * A function from an image tensor (N, H, W, C) to the model's first output, with `free`.
 *
 * @param model of `parseOnnx(bytes)`
 */
export function tfjsOnnx(model) {
  const weights = new Weights(model);
  const fused = fusionsOf(model.nodes, model.outputs);
  const skipped = new Set([...fused.values()].map(({ reader }) => reader));
  for (const { op } of model.nodes) if (!(op in OPERATORS)) throw new Error(`tfjs: no counterpart of ${op}`);
  const run = (image) =>
    tf.tidy(() => {
      const values = new Map([[model.inputs[0].name, image]]);
      for (const node of model.nodes) {
        if (skipped.has(node)) continue;
        const { activation = 'linear', reader = node } = fused.get(node) ?? {};
        const value = OPERATORS[node.op]({
          inputs: node.inputs,
          get: (name) => values.get(name),
          weights,
          ints: (name, otherwise) => [node.attributes.get(name)?.value ?? otherwise].flat(),
          activation,
        });
        values.set(reader.outputs[0], value);
      }
      return rows(values.get(model.outputs[0].name));
    });
  return Object.assign(run, { free: () => weights.free() });
}
