/**
 * Sums and maxima over lists of pixels, for the functions of regions of interest. Each bin has a list of any length. All channels of a
 * pixel are read together.
 */
import type { Variable, VariableLike } from '../../core/variable.js';
import { toHostArray } from '../../ndarray/dtype.js';
import { fromHost } from '../../ndarray/ndarray.js';
import { add, arange, argmax, multiply, type NDArray } from '../../ndarray/np.js';
import { type Shape, sizeOf } from '../../ndarray/shape.js';
import { arrayOf } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { takeFlat } from '../array/select-item.js';
import { transpose } from '../array/transpose.js';
import { add as addVariables } from '../math/add.js';
import { matmul } from '../math/matmul.js';
import { mul } from '../math/multiply.js';
import { takeAlong } from '../nodes/take-along.js';

/** Pixels with weights, both of one length. */
export interface WeightedPixels {
  readonly places: readonly number[];
  readonly weights: readonly number[];
}

/** x (N, C, H, W) with a row of channels for each pixel: (N·H·W, C). */
function pixelsOf(x: VariableLike): Variable {
  const [n, c, height, width] = x.shape;
  return reshape(transpose(x, [0, 2, 3, 1]), [n * height * width, c]);
}

/** A constant with the dtype and the device of x. */
function constant(values: readonly number[], shape: Shape, x: VariableLike): NDArray {
  return fromHost(toHostArray(values, x.dtype), shape, x.dtype, arrayOf(x).device);
}

/** Makes lists equally long by repeating the last item of each. An empty list repeats `filler`. */
function evened<T>(lists: readonly (readonly T[])[], filler: T): { items: T[]; length: number } {
  const length = lists.reduce((most, list) => Math.max(most, list.length), 1);
  const items = lists.flatMap((list) => Array.from({ length }, (_, i) => list[Math.min(i, list.length - 1)] ?? filler));
  return { items, length };
}

/** Σ weight·pixel for each list: (B, C). */
export function weightedSums(x: VariableLike, lists: readonly WeightedPixels[]): Variable {
  const c = x.shape[1];
  const { items, length } = evened(
    lists.map(({ places }) => places),
    0,
  );
  const weights = lists.flatMap((list) => Array.from({ length }, (_, i) => list.weights[i] ?? 0));
  const rows = reshape(takeAlong(pixelsOf(x), items, 0), [lists.length, length, c]);
  return reshape(matmul(constant(weights, [lists.length, 1, length], x), rows), [lists.length, c]);
}

/** The maximum over axis 1 of (B, K, C). The first of equal maxima gets the gradient; an `empty` bin gives `nothing`. */
function maximaOf(rows: Variable, empty: readonly boolean[], nothing: number): Variable {
  const [b, k, c] = rows.shape;
  const device = { device: rows.array.device.name };
  const bins = multiply(arange(0, b, 1, device), k * c).reshape([b, 1]);
  const places = add(add(multiply(argmax(rows.array, 1), c), bins), arange(0, c, 1, device));
  const y = takeFlat(rows, places);
  if (!empty.includes(true)) return y;
  const column = (ofEmpty: number, ofOthers: number) =>
    constant(
      empty.map((isEmpty) => (isEmpty ? ofEmpty : ofOthers)),
      [b, 1],
      y,
    );
  const filled = mul(y, column(0, 1));
  return nothing === 0 ? filled : addVariables(filled, column(nothing, 0));
}

/** The maximum of each list of pixels, 0 for an empty list: (B, C). */
export function maxima(x: VariableLike, lists: readonly (readonly number[])[]): Variable {
  const { items, length } = evened(lists, 0);
  const rows = reshape(takeAlong(pixelsOf(x), items, 0), [lists.length, length, x.shape[1]]);
  return maximaOf(
    rows,
    lists.map((list) => list.length === 0),
    0,
  );
}

/** The maximum of each list of weighted sums, -Infinity for an empty list: (B, C). */
export function maximaOfSums(x: VariableLike, lists: readonly (readonly WeightedPixels[])[]): Variable {
  const { items, length } = evened<WeightedPixels>(lists, { places: [0], weights: [0] });
  const rows = reshape(weightedSums(x, items), [lists.length, length, x.shape[1]]);
  return maximaOf(
    rows,
    lists.map((list) => list.length === 0),
    Number.NEGATIVE_INFINITY,
  );
}

/** Bins (R·h·w, C) as images (R, C, h, w). */
export function binsAsImages(bins: Variable, count: number, [height, width]: Shape): Variable {
  const c = sizeOf(bins.shape.slice(1));
  return transpose(reshape(bins, [count, height, width, c]), [0, 3, 1, 2]);
}
