/** Routines of `np` that move elements without computing: every one is a strided copy, or a reshape that copies nothing. */
import type { StridedView } from '../backends/backend.js';
import { DTypeError, ShapeError, ValueError } from '../errors.js';
import { promote } from './dtype.js';
import { astype, checkSameDevice } from './elementwise.js';
import { allocate, type NDArray } from './ndarray.js';
import { isRecording } from './recording.js';
import {
  type Axis,
  broadcastStrides,
  broadcastsTo,
  formatShape,
  normalizeAxes,
  normalizeAxis,
  type Shape,
  sameShape,
  stridesOf,
} from './shape.js';
import { resolveIndex } from './slice.js';

/** The dense array of what a view visits. */
export function readView(x: NDArray, shape: Shape, view: StridedView): NDArray {
  const out = allocate(shape, x.dtype, x.device);
  x.device.copy(x, view, out, { offset: 0, strides: stridesOf(shape) }, shape);
  return out;
}

/** A dense copy; follows numpy.copy. */
export function copy(x: NDArray): NDArray {
  const out = allocate(x.shape, x.dtype, x.device);
  x.device.cast(x, out);
  return out;
}

/** `x` in another shape, sharing its storage; one extent may be -1. Follows numpy.reshape. */
export function reshape(x: NDArray, shape: Shape): NDArray {
  return x.reshape(shape);
}

/** The axes permuted, reversed by default; follows numpy.transpose. */
export function transpose(x: NDArray, axes?: readonly number[] | null): NDArray {
  const order = axes ? axes.map((k) => normalizeAxis('transpose', k, x.ndim)) : x.shape.map((_, k) => x.ndim - 1 - k);
  if (order.length !== x.ndim || new Set(order).size !== x.ndim) {
    throw new ShapeError(`transpose: axes (${axes}) do not permute the axes of ${formatShape(x.shape)}`);
  }
  if (order.every((k, i) => k === i)) return x;
  const strides = stridesOf(x.shape);
  const shape = order.map((k) => x.shape[k]);
  return readView(x, shape, { offset: 0, strides: order.map((k) => strides[k]) });
}

/** Two axes exchanged; follows numpy.swapaxes. */
export function swapaxes(x: NDArray, axis1: number, axis2: number): NDArray {
  const order = x.shape.map((_, k) => k);
  const [a, b] = [normalizeAxis('swapaxes', axis1, x.ndim), normalizeAxis('swapaxes', axis2, x.ndim)];
  [order[a], order[b]] = [b, a];
  return transpose(x, order);
}

/** Axes moved to new places, the others in order; follows numpy.moveaxis. */
export function moveaxis(
  x: NDArray,
  source: number | readonly number[],
  destination: number | readonly number[],
): NDArray {
  return transpose(x, movedAxes('moveaxis', x.ndim, source, destination));
}

/** The permutation that `moveaxis` applies. */
export function movedAxes(
  op: string,
  ndim: number,
  source: number | readonly number[],
  destination: number | readonly number[],
): number[] {
  const from = [source].flat().map((k) => normalizeAxis(op, k, ndim));
  const to = [destination].flat().map((k) => normalizeAxis(op, k, ndim));
  if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
    throw new ShapeError(`${op}: sources (${source}) and destinations (${destination}) do not pair up`);
  }
  const order = Array.from({ length: ndim }, (_, k) => k).filter((k) => !from.includes(k));
  for (const [place, axis] of to.map((t, i) => [t, from[i]] as const).sort((p, q) => p[0] - q[0])) {
    order.splice(place, 0, axis);
  }
  return order;
}

/** A new axis of length 1 at each place; follows numpy.expand_dims. */
export function expandDims(x: NDArray, axis: number | readonly number[]): NDArray {
  const ndim = x.ndim + [axis].flat().length;
  const shape = x.shape.slice();
  for (const k of normalizeAxes('expandDims', axis, ndim)) shape.splice(k, 0, 1);
  return x.reshape(shape);
}

/** Without the axes of length 1 (all such, or those named); follows numpy.squeeze. */
export function squeeze(x: NDArray, axis: Axis = null): NDArray {
  return x.reshape(squeezedShape(x.shape, axis));
}

/** The shape that `squeeze` leaves. */
export function squeezedShape(shape: Shape, axis: Axis): Shape {
  const axes =
    axis === null ? shape.flatMap((n, k) => (n === 1 ? [k] : [])) : normalizeAxes('squeeze', axis, shape.length);
  for (const k of axes) {
    if (shape[k] !== 1) throw new ShapeError(`squeeze: axis ${k} of ${formatShape(shape)} has length ${shape[k]}`);
  }
  return shape.filter((_, k) => !axes.includes(k));
}

/** `x` repeated along axes until it has a shape; follows numpy.broadcast_to, but copies. */
export function broadcastTo(x: NDArray, shape: Shape): NDArray {
  if (sameShape(x.shape, shape)) return x;
  if (!broadcastsTo(x.shape, shape)) {
    throw new ShapeError(`broadcastTo: ${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}`);
  }
  return readView(x, shape, { offset: 0, strides: broadcastStrides(x.shape, shape) });
}

/** Elements in reverse order along axes (all by default); follows numpy.flip. */
export function flip(x: NDArray, axis: Axis = null): NDArray {
  const axes = normalizeAxes('flip', axis, x.ndim);
  const strides = stridesOf(x.shape);
  let offset = 0;
  for (const k of axes) {
    offset += strides[k] * Math.max(0, x.shape[k] - 1);
    strides[k] = -strides[k];
  }
  return readView(x, x.shape, { offset, strides });
}

/** Arrays joined along an existing axis; follows numpy.concatenate. */
export function concatenate(arrays: readonly NDArray[], axis = 0): NDArray {
  if (arrays.length === 0) throw new ValueError('concatenate: no arrays');
  const [first] = arrays;
  const k = normalizeAxis('concatenate', axis, first.ndim);
  let dtype = first.dtype;
  let length = 0;
  for (const x of arrays) {
    checkSameDevice('concatenate', first, x);
    const fits = x.ndim === first.ndim && x.shape.every((n, i) => i === k || n === first.shape[i]);
    if (!fits) {
      throw new ShapeError(
        `concatenate: ${formatShape(x.shape)} does not join ${formatShape(first.shape)} along axis ${k}`,
      );
    }
    dtype = promote(dtype, x.dtype);
    length += x.shape[k];
  }
  const shape = first.shape.map((n, i) => (i === k ? length : n));
  const out = allocate(shape, dtype, first.device);
  const strides = stridesOf(shape);
  let at = 0;
  for (const x of arrays) {
    const from = { offset: 0, strides: stridesOf(x.shape) };
    if (x.size > 0) out.device.copy(astype(x, dtype), from, out, { offset: at * strides[k], strides }, x.shape);
    at += x.shape[k];
  }
  return out;
}

/** Arrays of one shape joined along a new axis; follows numpy.stack. */
export function stack(arrays: readonly NDArray[], axis = 0): NDArray {
  if (arrays.length === 0) throw new ValueError('stack: no arrays');
  for (const x of arrays) {
    if (!sameShape(x.shape, arrays[0].shape)) {
      throw new ShapeError(`stack: shapes ${formatShape(arrays[0].shape)} and ${formatShape(x.shape)} differ`);
    }
  }
  const k = normalizeAxis('stack', axis, arrays[0].ndim + 1);
  return concatenate(
    arrays.map((x) => expandDims(x, k)),
    k,
  );
}

/** How far {@link pad} extends: one number, one (before, after) for all axes, or one for each. */
export type PadWidth = number | readonly [number, number] | readonly (readonly [number, number])[];

/** The (before, after) of each axis. */
export function padWidths(op: string, width: PadWidth, ndim: number): readonly (readonly [number, number])[] {
  const pairs: readonly (readonly [number, number])[] =
    typeof width === 'number'
      ? Array.from({ length: ndim }, () => [width, width] as const)
      : typeof width[0] === 'number'
        ? Array.from({ length: ndim }, () => width as readonly [number, number])
        : (width as readonly (readonly [number, number])[]);
  const whole = pairs.length === 1 && ndim > 1 ? Array.from({ length: ndim }, () => pairs[0]) : pairs;
  if (whole.length !== ndim || whole.some(([before, after]) => before < 0 || after < 0)) {
    throw new ShapeError(`${op}: widths ${JSON.stringify(width)} do not fit an array of ${ndim} dimensions`);
  }
  return whole;
}

/** `x` with a border of one value; follows numpy.pad(mode='constant'). */
export function pad(x: NDArray, width: PadWidth, value = 0): NDArray {
  const widths = padWidths('pad', width, x.ndim);
  const shape = x.shape.map((n, k) => n + widths[k][0] + widths[k][1]);
  const out = allocate(shape, x.dtype, x.device);
  x.device.fill(out, value);
  const strides = stridesOf(shape);
  const offset = widths.reduce((sum, [before], k) => sum + before * strides[k], 0);
  if (x.size > 0) x.device.copy(x, { offset: 0, strides: stridesOf(x.shape) }, out, { offset, strides }, x.shape);
  return out;
}

/**
 * Elements `indices` along an axis; follows numpy.take. `indices` int32 (or uint8) of any shape; negative ones count from the end.
 *
 * @throws IndexError for an index outside [−n, n) of an axis of length n. In a compiled function, which cannot look at its indices,
 *   such an index reads 0.
 */
export function take(x: NDArray, indices: NDArray, axis: number): NDArray {
  const k = normalizeAxis('take', axis, x.ndim);
  if (!isRecording()) for (const index of indices.dataSync()) resolveIndex(index, x.shape[k], k, 'take: index');
  return gather(x, indices, k);
}

/** {@link take} without a look at the indices: those outside [−n, n) read 0. The axis is not negative. */
export function gather(x: NDArray, indices: NDArray, axis: number): NDArray {
  if (indices.dtype !== 'int32' && indices.dtype !== 'uint8') {
    throw new DTypeError(`take: indices are ${indices.dtype}, expected int32`);
  }
  checkSameDevice('take', x, indices);
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const out = allocate(shape, x.dtype, x.device);
  x.device.gather(x, astype(indices, 'int32'), axis, out);
  return out;
}
