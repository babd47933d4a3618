/**
 * Strided views of flat memory in ONNX's terms: a slice of a box, with its axes permuted and broadcast.
 *
 *   offset + Σ i[k]·strides[k]   =   transpose(slice(reshape(x, box), starts, steps), perm), expanded along strides of 0
 */
import type { StridedView } from '../../backends/primitives.js';
import { sizeOf, stridesOf } from '../../ndarray/shape.js';

/** One axis of a box, and the places along it that a view visits: start, start + step, …, `count` in all. */
export interface BoxAxis {
  readonly length: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
  /** The axis of the view that runs along this axis; null if the view stays at one place. */
  readonly axis: number | null;
}

/**
 * The box of flat memory that a view visits; null if there is none, as for windows that overlap. Axes of the view of length 1 or
 * with a stride of 0 are left out.
 *
 * @param memory the shape of the memory, whose strides are tried first
 */
export function boxOf(
  { offset, strides }: StridedView,
  shape: readonly number[],
  memory: readonly number[],
): BoxAxis[] | null {
  const size = sizeOf(memory);
  const axes = shape
    .map((count, axis) => ({ axis, count, stride: strides[axis] }))
    .filter(({ count, stride }) => count !== 1 && stride !== 0)
    .sort((a, b) => Math.abs(b.stride) - Math.abs(a.stride));
  const own = stridesOf(memory).filter((_, k) => memory[k] !== 1);
  // For each axis, the largest stride of the memory that divides the axis' own; if two axes would share one, their own strides.
  const inner = axes.map(({ stride }) => own.find((s) => stride % s === 0) ?? 1);
  const distinct = axes.map(({ stride }, k) => (inner.indexOf(inner[k], k + 1) >= 0 ? Math.abs(stride) : inner[k]));
  const candidates = [
    own.length > 0 && distinct.every((s) => own.includes(s)) ? own : null,
    distinct,
    axes.map(({ stride }) => Math.abs(stride)),
  ];
  for (const candidate of candidates) {
    const box = candidate && boxWith(candidate, offset, axes, size);
    if (box) return box;
  }
  return null;
}

/** The box whose axes have these descending strides, if each axis of the view runs along one of them; else null. */
function boxWith(
  strides: readonly number[],
  offset: number,
  axes: readonly { axis: number; count: number; stride: number }[],
  size: number,
): BoxAxis[] | null {
  const all = strides.at(-1) === 1 ? [...strides] : [...strides, 1];
  const box: BoxAxis[] = [];
  let rest = offset;
  let outer = size;
  for (const stride of all) {
    const length = outer / stride;
    if (!Number.isInteger(length) || length < 1) return null;
    const start = Math.floor(rest / stride);
    rest -= start * stride;
    outer = stride;
    const along = axes.filter((axis) => axis.stride % stride === 0 && !taken(box, axis.axis));
    const own = along[0];
    // An axis belongs to the largest stride that divides its own, unless it leaves the box there.
    const step = own ? own.stride / stride : 1;
    const count = own ? own.count : 1;
    const last = start + (count - 1) * step;
    if (start >= length || last < 0 || last >= length) return null;
    box.push({ length, start, step, count, axis: own ? own.axis : null });
  }
  return axes.every(({ axis }) => taken(box, axis)) ? box : null;
}

const taken = (box: readonly BoxAxis[], axis: number): boolean => box.some((b) => b.axis === axis);

/** The flat places that a view visits, in its row-major order. */
export function placesOf({ offset, strides }: StridedView, shape: readonly number[]): Int32Array {
  const places = new Int32Array(sizeOf(shape));
  const index = shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < places.length; i++) {
    places[i] = at;
    for (let k = shape.length - 1; k >= 0; k--) {
      at += strides[k];
      if (++index[k] < shape[k]) break;
      at -= strides[k] * shape[k];
      index[k] = 0;
    }
  }
  return places;
}
