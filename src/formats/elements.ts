/**
 * Converts numbers of a fixed width between bytes, in either byte order, and host arrays. All formats with raw elements
 * use it. Callers check sizes first.
 */
import { DTypeError, ShapeError } from '../errors.js';
import { formatShape, sizeOf } from '../ndarray/shape.js';
import { bfloatToFloat, floatToBfloat, floatToHalf, halfToFloat } from './float16.js';
import type { HostArray, HostArrayOf, NumericDType } from './host-array.js';

/** Bytes of one element. */
export const WIDTHS = {
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
} as const satisfies Record<NumericDType, number>;

/** Whether this machine stores elements as little-endian files do. */
export const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Reverses the bytes of every element in place. */
function swapBytes(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) {
    for (let a = start, b = start + width - 1; a < b; a++, b--) {
      const byte = bytes[a];
      bytes[a] = bytes[b];
      bytes[b] = byte;
    }
  }
}

type Decoder = (shape: readonly number[], buffer: ArrayBuffer) => HostArrayOf<NumericDType>;

const DECODERS = {
  bool: (shape, buffer) => ({ shape, dtype: 'bool', data: new Uint8Array(buffer).map((v) => (v ? 1 : 0)) }),
  uint8: (shape, buffer) => ({ shape, dtype: 'uint8', data: new Uint8Array(buffer) }),
  int8: (shape, buffer) => ({ shape, dtype: 'int8', data: new Int8Array(buffer) }),
  uint16: (shape, buffer) => ({ shape, dtype: 'uint16', data: new Uint16Array(buffer) }),
  int16: (shape, buffer) => ({ shape, dtype: 'int16', data: new Int16Array(buffer) }),
  uint32: (shape, buffer) => ({ shape, dtype: 'uint32', data: new Uint32Array(buffer) }),
  int32: (shape, buffer) => ({ shape, dtype: 'int32', data: new Int32Array(buffer) }),
  uint64: (shape, buffer) => ({ shape, dtype: 'uint64', data: new BigUint64Array(buffer) }),
  int64: (shape, buffer) => ({ shape, dtype: 'int64', data: new BigInt64Array(buffer) }),
  float16: (shape, buffer) => ({ shape, dtype: 'float16', data: widen(buffer, halfToFloat) }),
  bfloat16: (shape, buffer) => ({ shape, dtype: 'bfloat16', data: widen(buffer, bfloatToFloat) }),
  float32: (shape, buffer) => ({ shape, dtype: 'float32', data: new Float32Array(buffer) }),
  float64: (shape, buffer) => ({ shape, dtype: 'float64', data: new Float64Array(buffer) }),
} satisfies Record<NumericDType, Decoder>;

function widen(buffer: ArrayBuffer, value: (bits: number) => number): Float32Array {
  const bits = new Uint16Array(buffer);
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = value(bits[i]); // engines compile a loop sooner than a callback
  return values;
}

/**
 * The elements that `bytes` hold, copied: `bytes` may be unaligned and may be dropped afterwards.
 * `bytes.length` is the number of elements times their width.
 */
export function decodeElements(
  dtype: NumericDType,
  shape: readonly number[],
  bytes: Uint8Array,
  littleEndian = true,
): HostArrayOf<NumericDType> {
  // A new Uint8Array, not slice(): a Node Buffer's slice is a view, whose buffer holds other things too.
  const copy = new Uint8Array(bytes);
  if (littleEndian !== HOST_IS_LITTLE_ENDIAN) swapBytes(copy, WIDTHS[dtype]);
  return DECODERS[dtype](shape, copy.buffer);
}

/** The little-endian bytes of the elements: a view of the array's own memory if it already stores them so. */
export function encodeElements(array: HostArrayOf<NumericDType>): Uint8Array {
  const data =
    array.dtype === 'float16'
      ? Uint16Array.from(array.data, floatToHalf)
      : array.dtype === 'bfloat16'
        ? Uint16Array.from(array.data, floatToBfloat)
        : array.data;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (HOST_IS_LITTLE_ENDIAN) return bytes;
  const copy = new Uint8Array(bytes);
  swapBytes(copy, WIDTHS[array.dtype]);
  return copy;
}

/** Refuses to write an array whose elements do not fill its shape. */
export function checkFilled(op: string, array: HostArray): void {
  const length = array.data === null ? null : array.data.length;
  const size = sizeOf(array.shape);
  if (length !== null && length !== size) {
    throw new ShapeError(`${op}: shape ${formatShape(array.shape)} takes ${size} elements, got ${length}`);
  }
}

/** Narrows to a numeric array. @throws DTypeError if the elements are not numbers. */
export function requireNumeric(op: string, array: HostArray): HostArrayOf<NumericDType> {
  if (array.dtype === 'str' || array.dtype === 'bytes' || array.dtype === 'none') {
    throw new DTypeError(`${op}: dtype '${array.dtype}' cannot be written; only numbers can`);
  }
  return array;
}
