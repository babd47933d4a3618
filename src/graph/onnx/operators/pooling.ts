/** ONNX's pooling on arrays. */
import { binary } from '../../../ndarray/elementwise.js';
import { allocate, fromHost, type NDArray } from '../../../ndarray/ndarray.js';
import { max, mean } from '../../../ndarray/reductions.js';
import { formatShape } from '../../../ndarray/shape.js';
import type { OnnxCall, Operator } from '../call.js';
import { imagesOf, pairOf, type WindowAxis, windowsOf } from './windows.js';

/** The windows of a pooling, its geometry, and an array for its result. */
function pooled(call: OnnxCall, x: NDArray) {
  if (!call.hasAttribute('kernel_shape')) call.fail('kernel_shape is missing');
  const ksize = pairOf(call, 'kernel_shape', 1, 1);
  // The primitive for averages cannot dilate: write the windows out.
  call.expectLength(ksize[0] * ksize[1]);
  const windows = windowsOf(call, x, ksize);
  const [v, h] = windows;
  if (v.dilation !== 1 || h.dilation !== 1) call.fail(`dilations [${v.dilation}, ${h.dilation}] are not supported`);
  const geometry = { ksize, stride: [v.stride, h.stride], pad: [v.near, h.near] } as const;
  const out = allocate([x.shape[0], x.shape[1], v.count, h.count], x.dtype, x.device);
  return { windows, geometry, out };
}

const maxPool: Operator = (call) => {
  const { x, restore } = imagesOf(call);
  const { geometry, out } = pooled(call, x);
  x.device.maxPool2d(x, geometry, out, allocate(out.shape, 'int32', x.device));
  return restore(out);
};

/** The number of places of each window that count: those in the image, or also those in the padding. */
function countsOf({ size, stride, near, far, count }: WindowAxis, length: number, padded: boolean): number[] {
  const [first, last] = padded ? [-near, length + far] : [0, length];
  return Array.from({ length: count }, (_, i) => {
    const start = i * stride - near;
    return Math.min(start + size, last) - Math.max(start, first);
  });
}

const averagePool: Operator = (call) => {
  call.floating(0);
  const { x, restore } = imagesOf(call);
  const { windows, geometry, out } = pooled(call, x);
  x.device.averagePool2d(x, geometry, out);
  call.expectLength(windows[0].count * windows[1].count);
  const [v, h] = windows.map((axis, k) => countsOf(axis, x.shape[k + 2], call.int('count_include_pad', 0) !== 0));
  const whole = windows[0].size * windows[1].size;
  // The primitive divides by the window's size. If fewer places count, the mean is larger.
  const factors = v.flatMap((rows) => h.map((columns) => whole / Math.max(1, rows * columns)));
  if (factors.every((factor) => factor === 1)) return restore(out);
  const correction = fromHost(Float32Array.from(factors), [1, 1, v.length, h.length], 'float32', x.device);
  return restore(binary('multiply', out, correction));
};

/** Reduces all spatial axes to length 1. */
const global =
  (reduce: (x: NDArray, axis: readonly number[], keepdims: boolean) => NDArray): Operator =>
  (call) => {
    const x = call.input(0);
    if (x.ndim < 3) call.fail(`its input ${formatShape(x.shape)} has no spatial axes`);
    return reduce(x, x.shape.map((_, k) => k).slice(2), true);
  };

export const POOLING = {
  AveragePool: averagePool,
  GlobalAveragePool: global(mean),
  GlobalMaxPool: global(max),
  MaxPool: maxPool,
} satisfies Record<string, Operator>;
