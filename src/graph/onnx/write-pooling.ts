/** Pooling as ONNX operators. ONNX wants each padding to be smaller than the window, so windows in the padding alone are added after. */
import type { DType, Pool2dGeometry } from '../../backends/primitives.js';
import type { Ref } from '../graph.js';
import type { Contents, Write } from './contents.js';
import { Expressions } from './write-elementwise.js';
import type { Value } from './writer.js';

/** The windows along one axis that see the image, and where the first of them begins. */
interface SeeingWindows {
  /** How many windows come before them. */
  readonly before: number;
  readonly count: number;
  /** How many windows come after them. */
  readonly after: number;
  /** Padding before the image that the first of them needs; less than none if it begins within the image. */
  readonly near: number;
  /** Padding behind the image that the last of them needs. */
  readonly far: number;
}

function seeingWindows(length: number, count: number, size: number, stride: number, pad: number): SeeingWindows {
  // Window i covers the places from i·stride − pad on.
  const first = Math.max(0, Math.floor((pad - size) / stride) + 1);
  const end = Math.min(count, Math.ceil((length + pad) / stride));
  const near = pad - first * stride;
  const far = Math.max(0, (end - first - 1) * stride + size - length - near);
  return { before: first, count: Math.max(0, end - first), after: count - end, near, far };
}

/** Rows and columns of one number around an image; fewer than none cut. */
function bordered(contents: Contents, x: Value, before: readonly number[], after: readonly number[], number: number) {
  if ([...before, ...after].every((n) => n === 0)) return x;
  const { writer } = contents;
  const [height, width] = [2, 3].map((axis, k) => x.shape[axis] + before[k] + after[k]);
  const inputs = [x, writer.ints([0, 0, ...before, 0, 0, ...after]), writer.scalar(number, x.dtype as DType)];
  return writer.node('Pad', inputs, { dtype: x.dtype, shape: [x.shape[0], x.shape[1], height, width] });
}

/** A pooling operator over the windows that see the image, and around its result what windows that see none give. */
function pooled(contents: Contents, op: 'MaxPool' | 'AveragePool', x: Ref, geometry: Pool2dGeometry, out: Ref): void {
  const { ksize, stride, pad } = geometry;
  const { dtype } = out.buffer;
  const empty = op === 'AveragePool' ? 0 : LOWEST[dtype];
  const axes = ([0, 1] as const).map((k) =>
    seeingWindows(x.shape[k + 2], out.shape[k + 2], ksize[k], stride[k], pad[k]),
  );
  if (axes.some(({ count }) => count === 0)) {
    contents.fill(out, empty);
    return;
  }
  const e = new Expressions(contents.writer);
  const cut = axes.map(({ near }) => Math.min(0, near));
  const image = bordered(contents, contents.read(x), cut, [0, 0], 0);
  // ONNX has no pooling of int32; a float64 holds each.
  const operand = dtype === 'int32' ? e.cast(image, 'float64') : image;
  const shape = [...out.shape.slice(0, 2), ...axes.map(({ count }) => count)];
  const pads = [...axes.map(({ near }) => Math.max(0, near)), ...axes.map(({ far }) => far)];
  const ints = { kernel_shape: [...ksize], strides: [...stride], pads };
  const counted = op === 'AveragePool' ? { ...ints, count_include_pad: 1 } : ints;
  const y = e.cast(contents.writer.node(op, [operand], { dtype: operand.dtype, shape }, { ints: counted }), dtype);
  const [before, after] = [axes.map((axis) => axis.before), axes.map((axis) => axis.after)];
  contents.write(out, bordered(contents, y, before, after, empty));
}

/** What a window outside the image has as its maximum. */
const LOWEST = {
  float32: Number.NEGATIVE_INFINITY,
  float64: Number.NEGATIVE_INFINITY,
  int32: -(2 ** 31),
  uint8: 0,
  bool: 0,
} satisfies Record<DType, number>;

export const maxPool2d: Write<'maxPool2d'> = (contents, x, geometry, out, indices) => {
  pooled(contents, 'MaxPool', x, geometry, out);
  contents.refuse(indices, "the places that 'maxPool2d' found are used, which ONNX counts differently");
};

export const averagePool2d: Write<'averagePool2d'> = (contents, x, geometry, out) => {
  pooled(contents, 'AveragePool', x, geometry, out);
};
