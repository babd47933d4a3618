/** Pooling and its adjoints, window by window. */
import type { Pool2dGeometry } from '../../../src/backends/primitives.js';
import { at, build, type HostArray, hostArray, indicesOf, placeOf, sizeOf } from '../host-array.js';

/** A position of a window: its place inside the window, row-major, and in the image, or nowhere if that is padding. */
interface Position {
  readonly place: number;
  readonly index: readonly number[] | null;
}

/** All positions of the window that output [n, c, i, j] looks at, row-major. */
function windowAt(
  [n, c, i, j]: readonly number[],
  [, , height, width]: readonly number[],
  { ksize, stride, pad }: Pool2dGeometry,
): Position[] {
  return [...indicesOf(ksize)].map(([p, q], place) => {
    const row = i * stride[0] + p - pad[0];
    const column = j * stride[1] + q - pad[1];
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    return { place, index: inside ? [n, c, row, column] : null };
  });
}

/** The maxima of windows and their places: the first in its window, which a NaN is; −∞ and 0 where a window is all padding. */
export function maxPool2d(
  x: HostArray,
  geometry: Pool2dGeometry,
  shape: readonly number[],
): { y: HostArray; indices: HostArray } {
  const best = (output: readonly number[]) => {
    let [max, place] = [Number.NEGATIVE_INFINITY, 0];
    for (const position of windowAt(output, x.shape, geometry)) {
      const value = position.index ? at(x, position.index) : max;
      if (value > max || (Number.isNaN(value) && !Number.isNaN(max))) [max, place] = [value, position.place];
    }
    return { max, place };
  };
  return {
    y: build(shape, x.dtype, (index) => best(index).max),
    indices: build(shape, 'int32', (index) => best(index).place),
  };
}

/** gy added where the indices name a place inside the image. */
export function maxPool2dGrad(
  gy: HostArray,
  indices: HostArray,
  geometry: Pool2dGeometry,
  shape: readonly number[],
): HostArray {
  const sums = new Float64Array(sizeOf(shape));
  for (const output of indicesOf(gy.shape)) {
    const { index } = windowAt(output, shape, geometry)[at(indices, output)];
    if (index) sums[placeOf(shape, index)] += at(gy, output);
  }
  return hostArray(sums, shape, gy.dtype);
}

/** x where the indices name a place inside the image, else 0. */
export function maxPool2dGather(x: HostArray, indices: HostArray, geometry: Pool2dGeometry): HostArray {
  return build(indices.shape, x.dtype, (output) => {
    const { index } = windowAt(output, x.shape, geometry)[at(indices, output)];
    return index ? at(x, index) : 0;
  });
}

/** The sum over each window divided by its size, padding counted. */
export function averagePool2d(x: HostArray, geometry: Pool2dGeometry, shape: readonly number[]): HostArray {
  return build(shape, x.dtype, (output) => {
    const window = windowAt(output, x.shape, geometry);
    return window.reduce((sum, { index }) => sum + (index ? at(x, index) : 0), 0) / window.length;
  });
}

/** Each gradient spread evenly over its window. */
export function averagePool2dGrad(gy: HostArray, geometry: Pool2dGeometry, shape: readonly number[]): HostArray {
  const sums = new Float64Array(sizeOf(shape));
  for (const output of indicesOf(gy.shape)) {
    const window = windowAt(output, shape, geometry);
    for (const { index } of window) if (index) sums[placeOf(shape, index)] += at(gy, output) / window.length;
  }
  return hostArray(sums, shape, gy.dtype);
}
