/**
 * An array as a file holds it: a shape, a dtype and plain elements on the host, in row-major order. It has every dtype
 * of the formats, and devices have fewer; {@link narrow} is the only place that converts to the dtypes of devices.
 */
import type { DType, TypedArray } from '../backends/primitives.js';
import { DTypeError, ShapeError } from '../errors.js';
import { formatShape, sizeOf } from '../ndarray/shape.js';

/**
 * The elements of each host dtype. `float16` and `bfloat16` are stored as float32, which is exact; `bool` as 0 or 1;
 * `str` and `bytes` (one Latin-1 character a byte) as strings without NumPy's trailing NULs. `none` stores nothing:
 * each element is Python's None.
 */
interface HostData {
  bool: Uint8Array;
  uint8: Uint8Array;
  int8: Int8Array;
  uint16: Uint16Array;
  int16: Int16Array;
  uint32: Uint32Array;
  int32: Int32Array;
  uint64: BigUint64Array;
  int64: BigInt64Array;
  float16: Float32Array;
  bfloat16: Float32Array;
  float32: Float32Array;
  float64: Float64Array;
  str: readonly string[];
  bytes: readonly string[];
  none: null;
}

export type HostDType = keyof HostData;

/** The dtypes whose elements are numbers of a fixed width. */
export type NumericDType = Exclude<HostDType, 'str' | 'bytes' | 'none'>;

/** An array of one host dtype (or of one of several). */
export type HostArrayOf<D extends HostDType> = {
  [K in D]: { readonly shape: readonly number[]; readonly dtype: K; readonly data: HostData[K] };
}[D];

/** An array as a file holds it: dense, row-major, on the host; `dtype` tells what `data` is. */
export type HostArray = HostArrayOf<HostDType>;

/** A host array of a dtype that devices have too. */
export interface DeviceReadyArray {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: TypedArray;
}

/** Whether the elements are numbers: neither strings nor None. */
export function isNumeric(array: HostArray): array is HostArrayOf<NumericDType> {
  return array.dtype !== 'str' && array.dtype !== 'bytes' && array.dtype !== 'none';
}

/** The only element of a 0-d (or one-element) array: a number, a bigint for 64-bit integers, a string, or null. */
export function scalarOf(array: HostArray, op = 'scalarOf'): number | bigint | string | null {
  const size = sizeOf(array.shape);
  if (size !== 1) throw new ShapeError(`${op}: expected one element, got ${size} (shape ${formatShape(array.shape)})`);
  return array.data === null ? null : array.data[0];
}

/** Integers as int32. @throws DTypeError that names the first integer outside int32. */
function toInt32(op: string, dtype: HostDType, data: ArrayLike<number | bigint>): Int32Array {
  const out = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    out[i] = Number(data[i]);
    // Compared before conversion: Number() would round a large bigint to a value that seems to fit.
    // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number are equal in value only under ==.
    if (out[i] != data[i]) {
      throw new DTypeError(`${op}: element ${i} of the ${dtype} array is ${data[i]}, which int32 cannot hold`);
    }
  }
  return out;
}

/**
 * The same values in a dtype of devices, never rounded: bool, uint8, int32, float32 and float64 stay; other integers
 * become int32; float16 and bfloat16 become float32. `op` names the caller in errors.
 *
 * @throws DTypeError for an integer outside int32 (naming it), for strings and for None.
 */
export function narrow(array: HostArray, op = 'narrow'): DeviceReadyArray {
  const { shape } = array;
  switch (array.dtype) {
    case 'bool':
    case 'uint8':
    case 'int32':
    case 'float32':
    case 'float64':
      return array;
    case 'float16':
    case 'bfloat16':
      return { shape, dtype: 'float32', data: array.data };
    case 'int8':
    case 'uint16':
    case 'int16':
    case 'uint32':
    case 'int64':
    case 'uint64':
      return { shape, dtype: 'int32', data: toInt32(op, array.dtype, array.data) };
    case 'str':
    case 'bytes':
    case 'none':
      throw new DTypeError(`${op}: an array of dtype '${array.dtype}' (shape ${formatShape(shape)}) holds no numbers`);
    default:
      return array satisfies never;
  }
}
