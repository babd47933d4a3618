/** Slices and basic indices, as NumPy accepts them between brackets. They are resolved without reading elements. */

import type { StridedView } from '../backends/primitives.js';
import { IndexError, ValueError } from '../errors.js';
import { inWords } from '../options.js';
import { formatShape, type Shape, stridesOf } from './shape.js';

/** The places of a slice on an axis. */
export interface SlicePlaces {
  /** The first place. */
  readonly first: number;
  /** The number of places. */
  readonly length: number;
  /** The distance from one place to the next. */
  readonly step: number;
}

/** start:stop:step, each optional. A negative start or stop counts from the end. {@link slice} makes it. */
export class Slice {
  constructor(
    /** The first place; from the end if negative; null for the first of the axis. */
    readonly start: number | null,
    /** The place before which the slice ends; from the end if negative; null for the end of the axis. */
    readonly stop: number | null,
    /** The distance from one place to the next; negative for backwards. */
    readonly step: number,
  ) {
    if (step === 0 || !Number.isInteger(step))
      throw new ValueError(`slice: step ${inWords(step)} is not a non-zero integer`);
    for (const side of [start, stop]) {
      if (side !== null && !Number.isInteger(side)) throw new ValueError(`slice: ${inWords(side)} is not an integer`);
    }
  }

  /** The first index, the number of indices and the step on an axis of length n; Python's slice.indices. */
  resolve(n: number): SlicePlaces {
    const { step } = this;
    const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
    const place = (value: number | null, fallback: number) =>
      value === null ? fallback : Math.min(high, Math.max(low, value < 0 ? value + n : value));
    const first = place(this.start, step > 0 ? 0 : n - 1);
    const end = place(this.stop, step > 0 ? n : -1);
    return { first, length: Math.max(0, Math.ceil((end - first) / step)), step };
  }
}

/** A slice for `x.at(…)`: `slice(stop)`, `slice(start, stop)` or `slice(start, stop, step)`. null leaves a side open. */
export function slice(start?: number | null, stop?: number | null, step = 1): Slice {
  return stop === undefined ? new Slice(null, start ?? null, step) : new Slice(start ?? null, stop, step);
}

/**
 * One basic index: an integer (drops its axis), a Slice or its text (`':'`, `'1:'`, `'::-1'`), `null` (a new axis of
 * length 1), or `'...'` (as many whole axes as are left).
 */
export type BasicIndex = number | Slice | string | null;

const SLICE_TEXT = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?$/;

/** The Slice of a text such as `'1:-1'`. @throws ValueError for another text. */
function parseSlice(text: string): Slice {
  const match = SLICE_TEXT.exec(text);
  if (!match) throw new ValueError(`index: '${text}' is not a slice such as '1:', ':-1' or '::2', nor '...'`);
  const [start, stop, step] = [match[1], match[2], match[3]].map((s) => (s === undefined ? null : Number(s)));
  return new Slice(start, stop, step ?? 1);
}

/** The place of an integer index on an axis of length n. @throws IndexError if the index is out of range. */
export function resolveIndex(index: number, n: number, axis: number, op = 'index'): number {
  const i = index < 0 ? index + n : index;
  if (Number.isInteger(i) && i >= 0 && i < n) return i;
  const why = Number.isInteger(index) ? '' : ': it is not an integer';
  throw new IndexError(`${op} ${index} is out of range for axis ${axis} of length ${n}${why}`);
}

/** The view and the shape that a list of basic indices selects; follows NumPy's basic indexing. */
export function basicView(shape: Shape, indices: readonly BasicIndex[]): { view: StridedView; shape: number[] } {
  const named = indices.filter((i) => i !== null && i !== '...').length;
  const ellipses = indices.filter((i) => i === '...').length;
  if (named > shape.length || ellipses > 1) {
    throw new IndexError(`${indices.length} indices do not fit an array of shape ${formatShape(shape)}`);
  }
  const whole = new Array<BasicIndex>(shape.length - named).fill(':');
  const expanded = ellipses ? indices.flatMap((i) => (i === '...' ? whole : [i])) : [...indices, ...whole];
  const own = stridesOf(shape);
  const view = { offset: 0, strides: [] as number[] };
  const out: number[] = [];
  let axis = 0;
  for (const index of expanded) {
    if (index === null) {
      out.push(1);
      view.strides.push(0);
      continue;
    }
    const n = shape[axis];
    if (typeof index === 'number') view.offset += resolveIndex(index, n, axis) * own[axis];
    else {
      const { first, length, step } = (typeof index === 'string' ? parseSlice(index) : index).resolve(n);
      if (length > 0) view.offset += first * own[axis];
      out.push(length);
      view.strides.push(step * own[axis]);
    }
    axis++;
  }
  return { view, shape: out };
}
