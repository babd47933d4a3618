/** LeNet5 as the bytes of an ONNX model, so that onnxruntime can be asked for the same answers. */
import { PbfWriter } from 'pbf';

const FLOAT = 1;
const [ATTRIBUTE_INTS, ATTRIBUTE_INT] = [7, 2];

const tensor = ({ name, shape, data }, pbf) => {
  for (const n of shape) pbf.writeVarintField(1, n);
  pbf.writeVarintField(2, FLOAT);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
};

const attribute = ([name, value], pbf) => {
  pbf.writeStringField(1, name);
  if (Array.isArray(value)) {
    for (const v of value) pbf.writeVarintField(8, v);
    pbf.writeVarintField(20, ATTRIBUTE_INTS);
  } else {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, ATTRIBUTE_INT);
  }
};

const node = ({ op, inputs, output, attributes = {} }, pbf) => {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(4, op);
  for (const pair of Object.entries(attributes)) pbf.writeMessage(5, attribute, pair);
};

const dimension = (n, pbf) => pbf.writeVarintField(1, n);
const shapeOf = (shape, pbf) => {
  for (const n of shape) pbf.writeMessage(1, dimension, n);
};
const tensorType = (shape, pbf) => {
  pbf.writeVarintField(1, FLOAT);
  pbf.writeMessage(2, shapeOf, shape);
};
const type = (shape, pbf) => pbf.writeMessage(1, tensorType, shape);
const value = ([name, shape], pbf) => {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, type, shape);
};

const graph = ({ nodes, tensors, input, output }, pbf) => {
  for (const n of nodes) pbf.writeMessage(1, node, n);
  pbf.writeStringField(2, 'lenet5');
  for (const t of tensors) pbf.writeMessage(5, tensor, t);
  pbf.writeMessage(11, value, input);
  pbf.writeMessage(12, value, output);
};

/** The model for batches of `batch`: input `x` (N, 1, 28, 28), output `y` (N, 10), softmax applied. */
export function onnxLenet5(weights, batch) {
  const tensors = Object.entries(weights).map(([path, { shape, data }]) => ({ name: path.slice(1), shape, data }));
  const nodes = [];
  let last = 'x';
  const then = (op, inputs, attributes) => {
    const output = `h${nodes.length}`;
    nodes.push({ op, inputs: [last, ...inputs], output, attributes });
    last = output;
  };
  for (const [i, name] of ['conv1', 'conv2', 'conv3'].entries()) {
    then('Conv', [`${name}/W`, `${name}/b`], {});
    then('Sigmoid', []);
    if (i < 2) then('MaxPool', [], { kernel_shape: [2, 2], strides: [2, 2] });
  }
  then('Flatten', []);
  then('Gemm', ['fc4/W', 'fc4/b'], { transB: 1 });
  then('Sigmoid', []);
  then('Gemm', ['fc5/W', 'fc5/b'], { transB: 1 });
  then('Softmax', [], { axis: 1 });
  nodes[nodes.length - 1].output = 'y';
  const opset = (version, pbf) => pbf.writeVarintField(2, version);
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, 8);
  pbf.writeMessage(7, graph, { nodes, tensors, input: ['x', [batch, 1, 28, 28]], output: ['y', [batch, 10]] });
  pbf.writeMessage(8, opset, 17);
  return pbf.finish();
}
