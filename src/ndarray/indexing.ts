/**
 * NumPy's indices, basic and advanced. An index list is resolved once into a plan. The plan reads elements into a new array, or adds
 * an array back at the indices, which is the adjoint.
 *
 *   x ──basic view──▶ v ──advanced axes to the front──▶ (A, rest) ──gather──▶ (index shape, rest) ──back──▶ result
 */

import type { StridedView } from '../backends/primitives.js';
import { DTypeError, IndexError } from '../errors.js';
import { inWords } from '../options.js';
import { type ArrayLike, operand, wholeOperand } from './conversion.js';
import { isFloating, type TypedArray } from './dtype.js';
import { addToView, readView, transpose } from './manipulation.js';
import { allocate, fromHost, NDArray, type Nested } from './ndarray.js';
import { broadcastShapes, broadcastStrides, checkList, formatShape, type Shape, sizeOf, stridesOf } from './shape.js';
import { type BasicIndex, basicView, resolveIndex, Slice } from './slice.js';

/**
 * One index: a basic one, or an advanced one: an int32 array (or nested numbers) of positions, or a bool array (or nested
 * booleans) that selects where it is true.
 */
export type Index = BasicIndex | NDArray | TypedArray | readonly Nested<number>[] | readonly Nested<boolean>[];

/** Positions along one axis. Before they are resolved, negative positions count from its end. */
interface Positions {
  readonly values: readonly number[];
  readonly shape: Shape;
}

/** An index list resolved for arrays of one shape. */
export interface IndexPlan {
  /** The shape of the elements at the indices. */
  readonly shape: Shape;
  /** A new array of the elements at the indices. */
  read(x: NDArray): NDArray;
  /** out[indices] += values. Repeated indices accumulate; `values` has the plan's shape. */
  add(out: NDArray, values: NDArray): void;
}

function isBasic(index: Index): index is BasicIndex {
  return typeof index === 'number' || typeof index === 'string' || index === null || index instanceof Slice;
}

/** The plan of an index list on a shape. @throws IndexError if an index is out of range or does not fit the shape. */
export function planIndex(shape: Shape, indices: readonly Index[]): IndexPlan {
  if (!Array.isArray(indices)) throw new TypeError(`index: ${inWords(indices)} is not a list of indices`);
  checkList('index', 'the list of indices', indices);
  if (indices.every(isBasic)) {
    const { view, shape: out } = basicView(shape, indices);
    return {
      shape: out,
      read: (x) => readView(x, out, view),
      add: (target, values) => addToView(values.reshape(out), target, view),
    };
  }
  return planAdvanced(shape, indices);
}

/** The positions where a mask is true, one list per axis of the mask; numpy.nonzero on the host. */
function truePositions(mask: NDArray): number[][] {
  const data = mask.dataSync();
  const strides = stridesOf(mask.shape);
  const flat = [...data.keys()].filter((i) => data[i] !== 0);
  return mask.shape.map((n, k) => flat.map((i) => Math.floor(i / strides[k]) % n));
}

function planAdvanced(shape: Shape, indices: readonly Index[]): IndexPlan {
  const items = expand(shape, indices);
  const { view, shape: viewShape } = basicView(
    shape,
    items.map((item) => (isPositions(item) ? ':' : item)),
  );
  let axis = 0;
  const slots = items.map((item): Positions | null => {
    if (item === null) return null;
    const k = axis++;
    return isPositions(item) ? { ...item, values: item.values.map((i) => resolveIndex(i, shape[k], k)) } : null;
  });
  while (slots.length < viewShape.length) slots.push(null);
  return advancedPlan(view, viewShape, slots, areAdjacent(indices));
}

/** An index list in which each item takes or makes one axis: slices, new axes, and positions from numbers and masks. */
function expand(shape: Shape, indices: readonly Index[]): (Slice | string | null | Positions)[] {
  if (indices.filter((index) => index === '...').length > 1) {
    throw new IndexError(`an index can have only one '...' (an array of shape ${formatShape(shape)})`);
  }
  const axesNamed = indices.reduce<number>((n, index) => n + axesOf(index), 0);
  let axis = 0;
  return indices.flatMap((index): (Slice | string | null | Positions)[] => {
    if (index === '...') {
      const whole = new Array<string>(Math.max(0, shape.length - axesNamed)).fill(':');
      axis += whole.length;
      return whole;
    }
    const first = axis;
    axis += axesOf(index);
    if (typeof index === 'number') return [{ values: [index], shape: [] }];
    if (isBasic(index)) return [index];
    const array = wholeOperand('index', `index ${first}`, index);
    if (isFloating(array.dtype)) {
      // Check plain numbers as they are: conversion to int32 would round them.
      if (Array.isArray(index))
        return [{ values: index.flat(Number.POSITIVE_INFINITY) as number[], shape: array.shape }];
      throw new DTypeError(`index: positions are ${array.dtype}, expected int32 or bool`);
    }
    if (array.dtype !== 'bool') return [{ values: [...array.dataSync()], shape: array.shape }];
    if (array.shape.some((n, k) => n !== shape[first + k])) {
      throw new IndexError(
        `a mask of shape ${formatShape(array.shape)} does not fit ${formatShape(shape)} at axis ${first}`,
      );
    }
    return truePositions(array).map((values) => ({ values, shape: [values.length] }));
  });
}

function isPositions(item: Slice | string | null | Positions): item is Positions {
  return typeof item === 'object' && item !== null && 'values' in item;
}

/** Whether the advanced indices are adjacent: no slice, new axis or `'...'` lies between them, not even a `'...'` of no axis. */
function areAdjacent(indices: readonly Index[]): boolean {
  const advanced = indices.flatMap((index, i) => (typeof index === 'number' || !isBasic(index) ? [i] : []));
  return advanced.length === advanced[advanced.length - 1] - advanced[0] + 1;
}

function axesOf(index: Index): number {
  if (index === null || index === '...') return 0;
  if (index instanceof NDArray) return index.dtype === 'bool' ? index.ndim : 1;
  if (Array.isArray(index)) {
    let depth = 0;
    let first: unknown = index;
    while (Array.isArray(first)) {
      depth++;
      first = first[0];
    }
    return typeof first === 'boolean' ? depth : 1;
  }
  return 1;
}

function advancedPlan(
  view: StridedView,
  viewShape: Shape,
  slots: readonly (Positions | null)[],
  adjacent: boolean,
): IndexPlan {
  const advanced = slots.flatMap((slot, k) => (slot ? [k] : []));
  const others = slots.flatMap((slot, k) => (slot ? [] : [k]));
  const positions = advanced.map((k) => slots[k] as Positions);
  const indexShape = positions.reduce<Shape>((s, p) => broadcastShapes('index', s, p.shape), []);
  const order = [...advanced, ...others];
  const rest = others.map((k) => viewShape[k]);
  const rows = sizeOf(advanced.map((k) => viewShape[k]));
  const flat = flatPositions(
    positions,
    indexShape,
    advanced.map((k) => viewShape[k]),
  );
  // As in NumPy, adjacent advanced indices leave their axes in place, and separated ones move to the front.
  const lead = adjacent ? others.filter((k) => k < advanced[0]).length : 0;
  const d = indexShape.length;
  const fronted = [...indexShape, ...rest];
  const back = fronted.map((_, k) => (k < lead ? d + k : k < lead + d ? k - lead : k));
  const forth = back.map((_, k) => back.indexOf(k));
  return {
    shape: back.map((k) => fronted[k]),
    read(x) {
      const moved = transpose(readView(x, viewShape, view), order).reshape([rows, ...rest]);
      const out = allocate([flat.length, ...rest], x.dtype, x.device);
      x.device.gather(moved, fromHost(flat, [flat.length], 'int32', x.device), 0, out);
      return transpose(out.reshape(fronted), back);
    },
    add(out, values) {
      const source = transpose(values, forth).reshape([flat.length, ...rest]);
      const moved = allocate([rows, ...rest], values.dtype, values.device);
      values.device.fill(moved, 0);
      values.device.scatterAdd(source, fromHost(flat, [flat.length], 'int32', values.device), 0, moved);
      const placed = moved.reshape(order.map((k) => viewShape[k]));
      addToView(transpose(placed, inverse(order)), out, view);
    },
  };
}

function inverse(order: readonly number[]): number[] {
  return order.map((_, k) => order.indexOf(k));
}

/** Row-major positions in the advanced axes as one axis. */
function flatPositions(positions: readonly Positions[], shape: Shape, extents: Shape): Int32Array {
  const out = new Int32Array(sizeOf(shape));
  const steps = stridesOf(extents);
  const own = stridesOf(shape);
  positions.forEach(({ values, shape: from }, p) => {
    const strides = broadcastStrides(from, shape);
    for (let i = 0; i < out.length; i++) {
      let at = 0;
      for (let k = 0; k < shape.length; k++) at += (Math.floor(i / own[k]) % shape[k]) * strides[k];
      out[i] += values[at] * steps[p];
    }
  });
  return out;
}

/** The elements at the indices, as a new array; follows numpy's x[indices]. */
export function getItem(given: ArrayLike, indices: readonly Index[]): NDArray {
  const x = operand('getItem', 'x', given);
  return planIndex(x.shape, indices).read(x);
}
