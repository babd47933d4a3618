/** ONNX's normalizations on arrays, in inference. */
import { binary, unary } from '../../../ndarray/elementwise.js';
import { allocate, type NDArray } from '../../../ndarray/ndarray.js';
import { mean } from '../../../ndarray/reductions.js';
import { formatShape, normalizeAxis, sizeOf } from '../../../ndarray/shape.js';
import { softmax } from '../../../ndarray/softmax.js';
import type { OnnxCall, Operator } from '../call.js';

/** A vector over channels in the shape that broadcasts to x (N, C, …). */
function perChannel(call: OnnxCall, place: number): NDArray {
  const [x, vector] = [call.input(0), call.input(place)];
  if (x.ndim < 2 || vector.size !== x.shape[1])
    call.fail(`input ${place} is ${formatShape(vector.shape)}, the input ${formatShape(x.shape)}`);
  return vector.reshape(x.shape.map((n, k) => (k === 1 ? n : 1)));
}

const batchNormalization: Operator = (call) => {
  if (call.int('training_mode', 0) !== 0) call.fail('training_mode is not supported');
  const deviation = unary('sqrt', binary('add', perChannel(call, 4), call.float('epsilon', 1e-5)));
  const scale = binary('divide', perChannel(call, 1), deviation);
  const centred = binary('subtract', call.input(0), perChannel(call, 3));
  return binary('add', binary('multiply', centred, scale), perChannel(call, 2));
};

/** (x − mean)/√(variance + ε) over axes, with the mean and 1/√(variance + ε). */
function standardized(x: NDArray, axes: readonly number[], epsilon: number) {
  const average = mean(x, axes, true);
  const centred = binary('subtract', x, average);
  const deviation = unary('sqrt', binary('add', mean(unary('square', centred), axes, true), epsilon));
  return { normal: binary('divide', centred, deviation), average, deviation };
}

const lrn: Operator = (call) => {
  const x = call.floating(0);
  const size = call.int('size', 0);
  if (x.ndim < 3 || !(size >= 1 && size <= 2 ** 28)) call.fail(`size ${size} of an input ${formatShape(x.shape)}`);
  call.expectLength(size);
  const [n, channels, ...rest] = x.shape;
  // An average over neighbouring channels is one over rows of an image (channels, pixels).
  const squares = unary('square', x).reshape([n, 1, channels, sizeOf(rest)]);
  const averages = allocate(squares.shape, x.dtype, x.device);
  const geometry = { ksize: [size, 1], stride: [1, 1], pad: [Math.floor((size - 1) / 2), 0] } as const;
  x.device.averagePool2d(squares, geometry, averages);
  const scaled = binary('multiply', averages.reshape(x.shape), call.float('alpha', 1e-4));
  const base = binary('add', scaled, call.float('bias', 1));
  return binary('multiply', x, binary('power', base, -call.float('beta', 0.75)));
};

/** Before version 13, the axes from `axis` onwards counted as one. */
const softmaxes =
  (log: boolean): Operator =>
  (call) => {
    const x = call.input(0);
    const late = call.opset >= 13;
    const axis = normalizeAxis('softmax', call.int('axis', late ? -1 : 1), x.ndim);
    if (late) return softmax(x, axis, log);
    const matrix = x.reshape([sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
    return softmax(matrix, 1, log).reshape(x.shape);
  };

export const NORMALIZATIONS = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: (call) => {
    const x = call.input(0);
    const axes = x.shape.map((_, k) => k).slice(2);
    const { normal } = standardized(x, axes, call.float('epsilon', 1e-5));
    return binary('add', binary('multiply', normal, perChannel(call, 1)), perChannel(call, 2));
  },
  LayerNormalization: (call) => {
    const x = call.input(0);
    const first = normalizeAxis('LayerNormalization', call.int('axis', -1), x.ndim);
    const axes = x.shape.map((_, k) => k).slice(first);
    const { normal, average, deviation } = standardized(x, axes, call.float('epsilon', 1e-5));
    const scaled = binary('multiply', normal, call.input(1));
    const y = call.has(2) ? binary('add', scaled, call.input(2)) : scaled;
    return call.reads(1) || call.reads(2) ? [y, average, unary('reciprocal', deviation)] : y;
  },
  LogSoftmax: softmaxes(true),
  LRN: lrn,
  Softmax: softmaxes(false),
} satisfies Record<string, Operator>;
