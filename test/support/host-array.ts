/**
 * Arrays on the host, for test cases and oracles: float64 elements, rounded on storing to what the dtype can hold.
 * Slow on purpose: plainly correct.
 */
import type { DType, TypedArray } from '../../src/backends/primitives.js';

export interface HostArray {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Row-major. float64 holds every value of every dtype. */
  readonly values: Float64Array;
}

/** The stored form of `value` in an element of `dtype`: rounded, wrapped, or as a boolean. */
const STORED = {
  float32: Math.fround,
  float64: (value) => value,
  int32: (value) => value | 0,
  uint8: (value) => value & 255,
  bool: (value) => (value === 0 ? 0 : 1),
} satisfies Record<DType, (value: number) => number>;

const TYPED_ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} satisfies Record<DType, { from(values: Float64Array): TypedArray }>;

export type FloatDType = 'float32' | 'float64';

export const isFloat = (dtype: DType): dtype is FloatDType => dtype === 'float32' || dtype === 'float64';

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/** An array of `values`, each rounded to `dtype`. */
export function hostArray(
  values: ArrayLike<number>,
  shape: readonly number[] = [values.length],
  dtype: DType = 'float32',
): HostArray {
  if (values.length !== sizeOf(shape)) throw new RangeError(`${values.length} values for the shape [${shape}]`);
  return { shape, dtype, values: Float64Array.from(values, STORED[dtype]) };
}

/** An array whose element at `index` is `value(index)`, rounded to `dtype`. */
export function build(shape: readonly number[], dtype: DType, value: (index: readonly number[]) => number): HostArray {
  return hostArray(Float64Array.from(indicesOf(shape), value), shape, dtype);
}

/** All indices of a shape in row-major order; of `[]` the one empty index. */
export function* indicesOf(shape: readonly number[]): Generator<number[]> {
  if (shape.length === 0) yield [];
  else for (const head of Array(shape[0]).keys()) for (const tail of indicesOf(shape.slice(1))) yield [head, ...tail];
}

/** Row-major strides, counted in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** The place of `index` in the values of a row-major array. */
export function placeOf(shape: readonly number[], index: readonly number[]): number {
  return index.reduce((place, i, axis) => place * shape[axis] + i, 0);
}

/** The element that a row-major array has at `index`. */
export function at(array: HostArray, index: readonly number[]): number {
  return array.values[placeOf(array.shape, index)];
}

/** The elements as a backend takes them. */
export function toTypedArray(array: HostArray): TypedArray {
  return TYPED_ARRAYS[array.dtype].from(array.values);
}
