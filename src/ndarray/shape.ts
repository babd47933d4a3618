/** Arithmetic on shapes, axes and strides. */
import type { StridedView } from '../backends/primitives.js';
import { ShapeError } from '../errors.js';
import { inWords } from '../options.js';

export { broadcastStrides, sizeOf, stridesOf } from '../backends/shapes.js';

/** The lengths of an array's axes; `[]` for a single number. */
export type Shape = readonly number[];

/** One axis, several, or all of them. */
export type Axis = number | readonly number[] | null;

/** `(2,3)`, `(4,)`, `()`: a shape as NumPy prints it, without spaces. */
export function formatShape(shape: Shape): string {
  return `(${shape.map(inWords).join(',')}${shape.length === 1 ? ',' : ''})`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

/** @throws TypeError for a shape or axes that are not a list, ShapeError for a list that is too long. */
export function checkList(op: string, name: string, list: unknown): asserts list is Shape {
  if (!Array.isArray(list)) throw new TypeError(`${op}: ${name} is ${inWords(list)}, expected a list of integers`);
  if (list.length > MOST_AXES) throw new ShapeError(`${op}: ${name} has ${list.length} entries, at most ${MOST_AXES}`);
}

/** The longest list of lengths or axes: walking one of four billion holes takes seconds. */
const MOST_AXES = 1024;

/** The most elements of an array: positions in it are int32. */
const MOST = 2 ** 31 - 1;

/**
 * The number of elements of a shape. Every array's shape passes this check: its lengths are non-negative integers, and the product of
 * those that are not 0 is a number of elements.
 *
 * @throws ShapeError
 */
export function checkedSize(op: string, shape: Shape): number {
  let size = 1;
  for (let k = 0; k < shape.length; k++) {
    const n = shape[k];
    // Only integers from 0 to 2³²−1 equal their conversion.
    if (typeof n !== 'number' || n >>> 0 !== n) refuseShape(op, shape);
    size *= n;
  }
  if (size > MOST || (size === 0 && shape.reduce((room, n) => room * (n || 1), 1) > MOST)) refuseShape(op, shape);
  return size;
}

/** A function of its own, so that the check above stays small enough to be inlined. */
function refuseShape(op: string, shape: Shape): never {
  const isShape = shape.every((n) => Number.isInteger(n) && n >= 0);
  throw new ShapeError(
    isShape
      ? `${op}: the shape ${formatShape(shape)} has more than the ${MOST} elements that an array can have`
      : `${op}: ${formatShape(shape)} is not a shape`,
  );
}

/** A copy of a shape that a user gave, so that later changes to the user's list have no effect. @throws TypeError, ShapeError */
export function checkShape(op: string, shape: Shape): Shape {
  checkList(op, 'shape', shape);
  checkedSize(op, shape);
  return shape.slice();
}

/** @throws ShapeError for a value that is not a number of elements. */
export function checkSize(op: string, name: string, n: number): number {
  if (!Number.isInteger(n) || n < 0 || n > MOST)
    throw new ShapeError(`${op}: ${name} is ${inWords(n)}, expected an integer from 0 to ${MOST}`);
  return n;
}

/**
 * Checks a view that is read, or added to.
 *
 * @throws ShapeError if the view leaves an array of `size` elements.
 */
export function checkView(op: string, { offset, strides }: StridedView, shape: Shape, size: number): void {
  let first = offset;
  let last = offset;
  for (let k = 0; k < shape.length; k++) {
    if (shape[k] === 0) return;
    const span = (shape[k] - 1) * strides[k];
    if (span < 0) first += span;
    else last += span;
  }
  // Missing or invalid strides give NaN, which fails both comparisons.
  if (!(first >= 0 && last < size))
    throw new ShapeError(`${op}: the view reaches from element ${first} to ${last} of ${size}`);
}

/** The shape that both broadcast to by NumPy's rule: aligned at the last axis, each pair of lengths is equal or one of them is 1. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const ndim = Math.max(a.length, b.length);
  const out = new Array<number>(ndim);
  for (let k = 1; k <= ndim; k++) {
    const m = k <= a.length ? a[a.length - k] : 1;
    const n = k <= b.length ? b[b.length - k] : 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(`${op}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast (${m} and ${n})`);
    }
    out[ndim - k] = m === 1 ? n : m;
  }
  return out;
}

/** Whether `shape` broadcasts to `target` without `target` changing. */
export function broadcastsTo(shape: Shape, target: Shape): boolean {
  const lead = target.length - shape.length;
  return lead >= 0 && shape.every((n, k) => n === target[lead + k] || n === 1);
}

/** An axis that may count from the end, as a non-negative one. */
export function normalizeAxis(op: string, axis: number, ndim: number): number {
  const k = Number.isInteger(axis) && axis < 0 ? axis + ndim : axis;
  if (!Number.isInteger(k) || k < 0 || k >= ndim) {
    throw new ShapeError(`${op}: axis ${inWords(axis)} is out of range for an array of ${ndim} dimensions`);
  }
  return k;
}

/** Sorted, unique, non-negative axes; `null` means all. */
export function normalizeAxes(op: string, axis: Axis | undefined, ndim: number): number[] {
  if (axis === null || axis === undefined) return Array.from({ length: ndim }, (_, k) => k);
  const list = typeof axis === 'number' ? [axis] : axis;
  if (!Array.isArray(list))
    throw new TypeError(`${op}: axis is ${inWords(axis)}, expected an integer, a list of integers or null`);
  checkList(op, 'axis', list);
  const axes = list.map((k) => normalizeAxis(op, k, ndim));
  axes.sort((p, q) => p - q);
  for (let k = 1; k < axes.length; k++) {
    if (axes[k] === axes[k - 1]) throw new ShapeError(`${op}: axis ${axes[k]} is named twice`);
  }
  return axes;
}

/** The shape that remains after a reduction over `axes`. */
export function reducedShape(shape: Shape, axes: readonly number[], keepdims: boolean): number[] {
  if (keepdims) return shape.map((n, k) => (axes.includes(k) ? 1 : n));
  return shape.filter((_, k) => !axes.includes(k));
}

/** A requested shape for `size` elements, with its one -1 replaced. @throws ShapeError if it does not fit. */
export function resolveShape(op: string, requested: Shape, size: number): number[] {
  checkList(op, 'shape', requested);
  const unknown = requested.indexOf(-1);
  // Compare by Number first: the product of a symbol or an object would throw.
  const known = requested.reduce((p, n, k) => (k === unknown ? p : p * (typeof n === 'number' ? n : Number.NaN)), 1);
  const shape = requested.slice();
  if (unknown >= 0 && known > 0) shape[unknown] = size / known;
  for (const n of shape) {
    if (!Number.isInteger(n) || n < 0) {
      throw new ShapeError(`${op}: ${size} elements cannot take the shape ${formatShape(requested)}`);
    }
  }
  if (checkedSize(op, shape) !== size) {
    throw new ShapeError(`${op}: ${size} elements cannot take the shape ${formatShape(requested)}`);
  }
  return shape;
}

/** Whether the arguments of a method are numbers one by one, as in `x.transpose(1, 0)`, and not one list. */
export const areNumbers = (args: readonly unknown[]): args is readonly number[] => typeof args[0] === 'number';
