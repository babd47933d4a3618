/** The dtypes on the host: their typed arrays, ranges and promotions. */
import type { DType, TypedArray } from '../backends/primitives.js';
import { DTypeError, MemoryError, ValueError } from '../errors.js';
import { inWords } from '../options.js';

export type { DType, TypedArray } from '../backends/primitives.js';

/** All dtypes, in the order of promotion. */
const DTYPES = ['bool', 'uint8', 'int32', 'float32', 'float64'] as const satisfies readonly DType[];

const CONSTRUCTORS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} satisfies Record<DType, unknown>;

/** A new host array of `size` zeros of a dtype. @throws MemoryError if the host runs out of memory. */
export function hostArray(dtype: DType, size: number): TypedArray {
  try {
    return new CONSTRUCTORS[dtype](size);
  } catch (cause) {
    throw new MemoryError(`the host has no room for ${size} elements of ${dtype}`, { cause });
  }
}

/** Copies numbers into a host array of a dtype; `bool` stores whether a value is not zero. */
export function toHostArray(values: ArrayLike<number>, dtype: DType): TypedArray {
  return dtype === 'bool' ? Uint8Array.from(values, (v) => (v ? 1 : 0)) : CONSTRUCTORS[dtype].from(values);
}

/** Whether a dtype can hold a number. Fractions are cut off; bool holds every number as zero or not. */
export function holds(dtype: DType, value: number): boolean {
  if (dtype === 'int32') return value > -2147483649 && value < 2147483648;
  return dtype !== 'uint8' || (value > -1 && value < 256);
}

/** @throws TypeError for a value that is not a number, ValueError for a number that the dtype cannot hold, as in NumPy 2. */
export function checkHolds(op: string, dtype: DType, value: unknown): asserts value is number {
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new TypeError(`${op}: ${inWords(value)} is not a number`);
  if (!holds(dtype, Number(value)))
    throw new ValueError(`${op}: ${value} does not fit ${dtype}; use float32 or float64`);
}

/** {@link toHostArray} of numbers that a user gave. @throws TypeError or ValueError as {@link checkHolds}. */
export function checkedHostArray(op: string, values: readonly number[], dtype: DType): TypedArray {
  for (const value of values) checkHolds(op, dtype, value);
  return toHostArray(values, dtype);
}

/** The dtype of a host array. */
export function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof Int32Array) return 'int32';
  return 'uint8';
}

/** Whether a value is a host array of a dtype. */
export function isTypedArray(value: unknown): value is TypedArray {
  return (
    value instanceof Float32Array ||
    value instanceof Float64Array ||
    value instanceof Int32Array ||
    value instanceof Uint8Array
  );
}

/** Whether the dtype is `float32` or `float64`. */
export function isFloating(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

/**
 * The dtype of a computation with both: the later one of bool, uint8, int32, float32, float64. Unlike in NumPy, int32 with float32
 * gives float32, as in PyTorch.
 */
export function promote(a: DType, b: DType): DType {
  return DTYPES[Math.max(DTYPES.indexOf(a), DTYPES.indexOf(b))];
}

/** The floating dtype a computation on `dtype` runs in: itself, or `float32` for integers and bool. */
export function floatingOf(dtype: DType): DType {
  return isFloating(dtype) ? dtype : 'float32';
}

/** A value as a dtype. @throws DTypeError for another value. */
export function checkDType(op: string, dtype: string): DType {
  const known = DTYPES.find((d) => d === dtype);
  if (!known) {
    const given = typeof dtype === 'string' ? dtype : inWords(dtype);
    throw new DTypeError(`${op}: '${given}' is not a dtype (${DTYPES.join(', ')})`);
  }
  return known;
}
