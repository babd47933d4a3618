/**
 * A compiled Rensa graph, run by tfjs: the same folded weights and the same operations, in tfjs' own layout (channels
 * last) and with its fused kernels. It knows the operations of image classifiers, and refuses others.
 */
import * as tf from '@tensorflow/tfjs-core';

/** The tensors of the constants of a graph, laid out for tfjs; made once. */
function constantsOf(device) {
  const tensors = new Map();
  const tensorOf = ({ buffer, shape }, permutation) => {
    const key = `${buffer.id} ${permutation}`;
    if (!tensors.has(key)) {
      const data = device.readSync(buffer.constant);
      const given = tf.tensor(data, shape);
      tensors.set(key, tf.keep(permutation ? tf.transpose(given, permutation) : given));
    }
    return tensors.get(key);
  };
  return tensorOf;
}

const sizeOf = (shape) => shape.reduce((size, n) => size * n, 1);

/** What padding a window needs at the far side, so that the output has its size. */
const farPad = (size, out, stride, extent, near) => Math.max(0, (out - 1) * stride + extent - size - near);

/** Padding as tfjs writes it: nothing before batch and channels. */
function padsOf(x, out, [sy, sx], [ky, kx], [top, left]) {
  const bottom = farPad(x.shape[2], out.shape[2], sy, ky, top);
  const right = farPad(x.shape[3], out.shape[3], sx, kx, left);
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/** What is done element by element. */
const ELEMENTWISE = {
  relu: tf.relu,
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  add: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
};

/** Each operation of a graph: its tensors come from `get` in channels-last order, and its result is put back. */
const OPERATIONS = {
  conv2d(
    [x, w, bias, { stride, pad, dilation, groups }, out, { activation = 'none', residual = null } = {}],
    get,
    constant,
  ) {
    const extent = [0, 1].map((axis) => (w.shape[2 + axis] - 1) * dilation[axis] + 1);
    const pads = padsOf(x, out, stride, extent, pad);
    const depthwise = groups > 1;
    if (depthwise && (w.shape[1] !== 1 || groups !== w.shape[0]))
      throw new Error('tfjs: grouped convolutions are missing');
    const options = {
      x: get(x),
      filter: constant(w, depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]),
      strides: [...stride],
      pad: pads.flat().some((n) => n > 0) ? pads : 'valid',
      dilations: [...dilation],
      bias: bias && constant(bias),
      activation: residual || activation === 'none' ? 'linear' : activation,
    };
    const y = depthwise ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
    if (!residual) return [[out, y]];
    const sum = tf.add(y, get(residual));
    return [[out, activation === 'none' ? sum : ELEMENTWISE[activation](sum)]];
  },
  matmul([a, b, out, { transA = false, transB = false, bias = null, activation = 'none' } = {}], get, constant) {
    const options = {
      a: tf.reshape(get(a), a.shape.slice(1)),
      b: tf.reshape(constant(b), b.shape.slice(1)),
      transposeA: transA,
      transposeB: transB,
      bias: bias && constant(bias),
      activation: activation === 'none' ? 'linear' : activation,
    };
    return [[out, tf.reshape(tf.fused.matMul(options), out.shape)]];
  },
  maxPool2d([x, { ksize, stride, pad }, out], get) {
    // After a relu, zeros around an image change no maximum.
    const padded = tf.pad(get(x), padsOf(x, out, stride, ksize, pad));
    return [[out, tf.maxPool(padded, [...ksize], [...stride], 'valid')]];
  },
  averagePool2d([x, { ksize, stride, pad }, out], get) {
    const padded = tf.pad(get(x), padsOf(x, out, stride, ksize, pad));
    return [[out, tf.avgPool(padded, [...ksize], [...stride], 'valid')]];
  },
  binary: ([op, a, b, out], get) => [[out, ELEMENTWISE[op](get(a), get(b))]],
  unary: ([op, x, out], get) => [[out, ELEMENTWISE[op](get(x))]],
  softmax: ([x, , , out], get) => [[out, tf.softmax(get(x))]],
};

/**
 * A function from an image tensor (N, H, W, C) to the graph's first output.
 *
 * @param graph of `compile(model, [x]).executorFor(x).graph`
 * @param device that holds the graph's constants
 */
export function tfjsGraph(graph, device) {
  const constant = constantsOf(device);
  return (image) =>
    tf.tidy(() => {
      const values = new Map([[graph.inputs[0].buffer, { tensor: image, shape: graph.inputs[0].shape }]]);
      /** A value in the shape that an operation asks for; images become rows in the order of channels first. */
      const get = ({ buffer, shape }) => {
        const { tensor, shape: made } = values.get(buffer);
        if (sizeOf(made) !== sizeOf(shape)) throw new Error(`tfjs: ${made} as ${shape}`);
        if (made.length === 4 && shape.length !== 4) return tf.reshape(tf.transpose(tensor, [0, 3, 1, 2]), shape);
        return made.length === shape.length ? tensor : tf.reshape(tensor, shape);
      };
      for (const { op, args } of graph.nodes) {
        const run = OPERATIONS[op];
        if (!run) throw new Error(`tfjs: no counterpart of '${op}'`);
        for (const [out, tensor] of run(args, get, constant)) values.set(out.buffer, { tensor, shape: out.shape });
      }
      return get(graph.outputs[0]);
    });
}
