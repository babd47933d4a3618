/**
 * Pooling as ONNX operators. ONNX allows no padding as large as the window. Windows that lie in the padding alone are therefore added
 * around the operator's result.
 */
import type { DType, Pool2dGeometry } from '../../backends/primitives.js';
import type { Ref } from '../graph.js';
import type { Contents, Write } from './contents.js';
import { Expressions } from './write-elementwise.js';
import type { Value } from './writer.js';

/** The windows along one axis that overlap the image. */
interface SeeingWindows {
  /** The number of windows before them. */
  readonly before: number;
  readonly count: number;
  /** The number of windows after them. */
  readonly after: number;
  /** The padding before the image that the first of them needs; negative if it begins inside the image. */
  readonly near: number;
  /** The padding after the image that the last of them needs. */
  readonly far: number;
}

function seeingWindows(length: number, count: number, size: number, stride: number, pad: number): SeeingWindows {
  // Window i begins at i·stride − pad.
  const first = Math.max(0, Math.floor((pad - size) / stride) + 1);
  const end = Math.min(count, Math.ceil((length + pad) / stride));
  const near = pad - first * stride;
  const far = Math.max(0, (end - first - 1) * stride + size - length - near);
  return { before: first, count: Math.max(0, end - first), after: count - end, near, far };
}

/** An image with rows and columns of one number around it. A negative number of them cuts the image. */
function bordered(contents: Contents, x: Value, before: readonly number[], after: readonly number[], number: number) {
  if ([...before, ...after].every((n) => n === 0)) return x;
  const { writer } = contents;
  const [height, width] = [2, 3].map((axis, k) => x.shape[axis] + before[k] + after[k]);
  const inputs = [x, writer.ints([0, 0, ...before, 0, 0, ...after]), writer.scalar(number, x.dtype as DType)];
  return writer.node('Pad', inputs, { dtype: x.dtype, shape: [x.shape[0], x.shape[1], height, width] });
}

/** Writes a pooling operator over the windows that overlap the image, with the results of the other windows around it. */
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
  // ONNX cannot pool int32; float64 holds every int32.
  const operand = dtype === 'int32' ? e.cast(image, 'float64') : image;
  const shape = [...out.shape.slice(0, 2), ...axes.map(({ count }) => count)];
  const pads = [...axes.map(({ near }) => Math.max(0, near)), ...axes.map(({ far }) => far)];
  const ints = { kernel_shape: [...ksize], strides: [...stride], pads };
  const counted = op === 'AveragePool' ? { ...ints, count_include_pad: 1 } : ints;
  const y = e.cast(contents.writer.node(op, [operand], { dtype: operand.dtype, shape }, { ints: counted }), dtype);
  const [before, after] = [axes.map((axis) => axis.before), axes.map((axis) => axis.after)];
  contents.write(out, bordered(contents, y, before, after, empty));
}

/** The maximum of a window outside the image. */
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
