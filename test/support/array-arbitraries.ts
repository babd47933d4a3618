/** Random shapes and arrays for property tests. They are small, often with an axis of length 0 or 1. */
import { np } from '../../src/index.js';
import type { DType } from '../../src/ndarray/dtype.js';
import { type HostArray, hostArray, sizeOf, toTypedArray } from './host-array.js';
import fc from './properties.js';

/** A shape of at most `maxRank` axes. */
export const anyShape = (maxRank = 4, minLength = 0): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: minLength, max: 4 }), { maxLength: maxRank });

/** Integers that float32 adds and multiplies without rounding, one for each element of a shape. */
export const anyArray = (shape: readonly number[], dtype: DType = 'float32'): fc.Arbitrary<HostArray> =>
  fc
    .array(fc.integer({ min: dtype === 'uint8' ? 0 : -4, max: 4 }), {
      minLength: sizeOf(shape),
      maxLength: sizeOf(shape),
    })
    .map((values) => hostArray(values, shape, dtype));

/** Two shapes that broadcast together: parts of one, with axes shrunk to 1. */
export const broadcastablePair: fc.Arbitrary<[number[], number[]]> = anyShape().chain((shape) => {
  const part = fc
    .tuple(fc.integer({ min: 0, max: shape.length }), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
    .map(([drop, shrink]) => shape.slice(drop).map((n, k) => (shrink[k] ? 1 : n)));
  return fc.tuple(part, part);
});

/** Some of the axes of an array of `ndim` dimensions, each counted from the front or from the end; null for all. */
export const anyAxes = (ndim: number): fc.Arbitrary<number[] | null> =>
  fc.option(
    fc
      .subarray(Array.from({ length: ndim }, (_, k) => k))
      .chain((axes) =>
        fc
          .array(fc.boolean(), { minLength: axes.length, maxLength: axes.length })
          .map((fromEnd) => axes.map((k, i) => (fromEnd[i] ? k - ndim : k))),
      ),
  );

/** The array on the device. */
export function put(array: HostArray): np.NDArray {
  return np.array(toTypedArray(array), array.dtype).reshape(array.shape);
}

/** The array from the device. */
export function get(array: np.NDArray): HostArray {
  return { shape: array.shape, dtype: array.dtype, values: Float64Array.from(array.dataSync()) };
}
