/** Routines of `np` that move elements without computing. Each is a strided copy, or a reshape that copies nothing. */
import type { StridedView } from '../backends/primitives.js';
import { otherCopy } from '../copies.js';
import { DTypeError, ShapeError, ValueError } from '../errors.js';
import { inWords } from '../options.js';
import { type ArrayLike, operand, wholeOperand } from './conversion.js';
import { promote } from './dtype.js';
import { assign, astype, checkSameDevice } from './elementwise.js';
import { allocate, NDArray } from './ndarray.js';
import { isRecording } from './recording.js';
import {
  type Axis,
  broadcastStrides,
  broadcastsTo,
  checkedSize,
  checkList,
  checkShape,
  checkView,
  formatShape,
  normalizeAxes,
  normalizeAxis,
  type Shape,
  sameShape,
  stridesOf,
} from './shape.js';
import { resolveIndex } from './slice.js';

/** The elements that a view visits, as a dense array. */
export function readView(x: NDArray, shape: Shape, view: StridedView): NDArray {
  checkView('copy', view, shape, x.size);
  const out = allocate(shape, x.dtype, x.device);
  x.device.copy(x, view, out, { offset: 0, strides: stridesOf(shape) }, shape);
  return out;
}

/** out[view] += x, in x's shape: the adjoint of {@link readView}. */
export function addToView(x: NDArray, out: NDArray, view: StridedView): void {
  checkView('add', view, x.shape, out.size);
  out.device.addToView(x, out, view);
}

/** A dense copy; follows numpy.copy. */
export function copy(given: ArrayLike): NDArray {
  const x = operand('copy', 'x', given);
  const out = allocate(x.shape, x.dtype, x.device);
  x.device.cast(x, out);
  return out;
}

/** `x` in another shape, with the same storage. One length may be -1. Follows numpy.reshape. */
export function reshape(given: ArrayLike, shape: Shape): NDArray {
  const x = operand('reshape', 'x', given);
  return x.reshape(shape);
}

/** The axes permuted, reversed by default; follows numpy.transpose. */
export function transpose(given: ArrayLike, axes?: readonly number[] | null): NDArray {
  const x = operand('transpose', 'x', given);
  if (axes !== null && axes !== undefined) checkList('transpose', 'axes', axes);
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
export function swapaxes(given: ArrayLike, axis1: number, axis2: number): NDArray {
  const x = operand('swapaxes', 'x', given);
  const order = x.shape.map((_, k) => k);
  const [a, b] = [normalizeAxis('swapaxes', axis1, x.ndim), normalizeAxis('swapaxes', axis2, x.ndim)];
  [order[a], order[b]] = [b, a];
  return transpose(x, order);
}

/** Axes moved to new places; the others stay in order. Follows numpy.moveaxis. */
export function moveaxis(
  given: ArrayLike,
  source: number | readonly number[],
  destination: number | readonly number[],
): NDArray {
  const x = operand('moveaxis', 'x', given);
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
export function expandDims(given: ArrayLike, axis: number | readonly number[]): NDArray {
  const x = operand('expandDims', 'x', given);
  if (typeof axis !== 'number') checkList('expandDims', 'axis', axis);
  const ndim = x.ndim + (typeof axis === 'number' ? 1 : axis.length);
  const shape = x.shape.slice();
  for (const k of normalizeAxes('expandDims', axis, ndim)) shape.splice(k, 0, 1);
  return x.reshape(shape);
}

/** Without the axes of length 1 (all such, or those named); follows numpy.squeeze. */
export function squeeze(given: ArrayLike, axis: Axis = null): NDArray {
  const x = operand('squeeze', 'x', given);
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
export function broadcastTo(given: ArrayLike, target: Shape): NDArray {
  const x = operand('broadcastTo', 'x', given);
  const shape = checkShape('broadcastTo', target);
  if (sameShape(x.shape, shape)) return x;
  if (!broadcastsTo(x.shape, shape)) {
    throw new ShapeError(`broadcastTo: ${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}`);
  }
  return readView(x, shape, { offset: 0, strides: broadcastStrides(x.shape, shape) });
}

/** Elements in reverse order along axes (all by default); follows numpy.flip. */
export function flip(given: ArrayLike, axis: Axis = null): NDArray {
  const x = operand('flip', 'x', given);
  const axes = normalizeAxes('flip', axis, x.ndim);
  const strides = stridesOf(x.shape);
  let offset = 0;
  for (const k of axes) {
    offset += strides[k] * Math.max(0, x.shape[k] - 1);
    strides[k] = -strides[k];
  }
  return readView(x, x.shape, { offset, strides });
}

/** The arrays of a list that must not be empty. */
function operandsOf(op: string, list: readonly ArrayLike[]): NDArray[] {
  if (!Array.isArray(list)) throw new TypeError(`${op}: arrays are ${inWords(list)}, expected a list of arrays`);
  if (list.length === 0) throw new ValueError(`${op}: no arrays`);
  // Stop at the first hole: walking four billion of them takes seconds.
  for (let i = 0; i < list.length; i++) if (!(i in list)) throw new TypeError(`${op}: arrays[${i}] is missing`);
  const like = list.find((x) => x instanceof NDArray || otherCopy(x));
  return list.map((x, i) => operand(op, `arrays[${i}]`, x, like));
}

/** Arrays joined along an existing axis; follows numpy.concatenate. */
export function concatenate(list: readonly ArrayLike[], axis = 0): NDArray {
  const arrays = operandsOf('concatenate', list);
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
  checkedSize('concatenate', shape);
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
export function stack(list: readonly ArrayLike[], axis = 0): NDArray {
  const arrays = operandsOf('stack', list);
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

/** The widths of {@link pad}: one number, one (before, after) for all axes, or one for each axis. */
export type PadWidth = number | readonly [number, number] | readonly (readonly [number, number])[];

/** The (before, after) of each axis. */
function padWidths(op: string, width: PadWidth, ndim: number): readonly (readonly [number, number])[] {
  const pair = (item: unknown): unknown => (Array.isArray(item) ? item : [item, item]);
  if (Array.isArray(width)) checkList(op, 'widths', width);
  const list: readonly unknown[] =
    Array.isArray(width) && Array.isArray(width[0]) ? width : Array.from({ length: ndim }, () => pair(width));
  const whole = list.length === 1 && ndim > 1 ? Array.from({ length: ndim }, () => list[0]) : list;
  if (whole.length !== ndim || !whole.every(isWidth)) {
    const text = (item: unknown) => (Array.isArray(item) ? `(${item.slice(0, 3).map(inWords)})` : inWords(item));
    throw new ShapeError(`${op}: widths (${list.map(text)}) do not fit an array of ${ndim} dimensions`);
  }
  return whole;
}

function isWidth(pair: unknown): pair is readonly [number, number] {
  return Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isInteger(n) && n >= 0);
}

/** `x` with a border of one value; follows numpy.pad(mode='constant'). */
export function pad(given: ArrayLike, width: PadWidth, value = 0): NDArray {
  const x = operand('pad', 'x', given);
  const widths = padWidths('pad', width, x.ndim);
  const shape = x.shape.map((n, k) => n + widths[k][0] + widths[k][1]);
  checkedSize('pad', shape);
  const out = allocate(shape, x.dtype, x.device);
  assign('pad', 'value', out, value);
  const strides = stridesOf(shape);
  const offset = widths.reduce((sum, [before], k) => sum + before * strides[k], 0);
  if (x.size > 0) x.device.copy(x, { offset: 0, strides: stridesOf(x.shape) }, out, { offset, strides }, x.shape);
  return out;
}

/**
 * The elements at `indices` along an axis; follows numpy.take. `indices` is int32 or uint8, of any shape; negative ones count from
 * the end.
 *
 * @throws IndexError for an index outside [−n, n) on an axis of length n. A compiled function cannot check its indices; there such an
 *   index reads 0.
 */
export function take(given: ArrayLike, at: ArrayLike, axis: number): NDArray {
  const x = operand('take', 'x', given);
  const indices = wholeOperand('take', 'indices', at, x);
  const k = normalizeAxis('take', axis, x.ndim);
  if (!isRecording()) for (const index of indices.dataSync()) resolveIndex(index, x.shape[k], k, 'take: index');
  return gather(x, indices, k);
}

/** {@link take} without a check of the indices: those outside [−n, n) read 0. The axis is not negative. */
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
