/** Host arrays on their way to devices. Oracle: the ranges of the dtypes. */
import { describe, expect, test } from 'vitest';
import { DTypeError, ShapeError } from '../../src/errors.js';
import { type HostArray, narrow, scalarOf } from '../../src/formats/host-array.js';

const shape = [2];

describe('narrow', () => {
  test.each<HostArray>([
    { shape, dtype: 'bool', data: Uint8Array.of(0, 1) },
    { shape, dtype: 'uint8', data: Uint8Array.of(0, 255) },
    { shape, dtype: 'int32', data: Int32Array.of(-5, 5) },
    { shape, dtype: 'float32', data: Float32Array.of(0.1, Number.NaN) },
    { shape, dtype: 'float64', data: Float64Array.of(0.1, 1e300) },
  ])('keeps $dtype', (array) => {
    expect(narrow(array)).toBe(array);
  });

  test.each<HostArray>([
    { shape, dtype: 'int8', data: Int8Array.of(-128, 127) },
    { shape, dtype: 'int16', data: Int16Array.of(-128, 127) },
    { shape, dtype: 'int64', data: BigInt64Array.of(-128n, 127n) },
  ])('makes int32 of $dtype', (array) => {
    expect(narrow(array)).toEqual({ shape, dtype: 'int32', data: Int32Array.of(-128, 127) });
  });

  test.each<HostArray>([
    { shape, dtype: 'uint16', data: Uint16Array.of(0, 65535) },
    { shape, dtype: 'uint32', data: Uint32Array.of(0, 65535) },
    { shape, dtype: 'uint64', data: BigUint64Array.of(0n, 65535n) },
  ])('makes int32 of $dtype', (array) => {
    expect(narrow(array)).toEqual({ shape, dtype: 'int32', data: Int32Array.of(0, 65535) });
  });

  test.each<HostArray>([
    { shape, dtype: 'float16', data: Float32Array.of(0.5, -2) },
    { shape, dtype: 'bfloat16', data: Float32Array.of(0.5, -2) },
  ])('makes float32 of $dtype', (array) => {
    expect(narrow(array)).toEqual({ shape, dtype: 'float32', data: Float32Array.of(0.5, -2) });
  });

  test.each<[HostArray, string]>([
    [{ shape, dtype: 'uint32', data: Uint32Array.of(0, 2 ** 31) }, 'load: element 1 of the uint32 array is 2147483648'],
    [
      { shape, dtype: 'int64', data: BigInt64Array.of(2n ** 53n + 1n, 0n) },
      'element 0 of the int64 array is 9007199254740993',
    ],
    [
      { shape, dtype: 'int64', data: BigInt64Array.of(0n, -(2n ** 31n) - 1n) },
      'is -2147483649, which int32 cannot hold',
    ],
    [{ shape, dtype: 'uint64', data: BigUint64Array.of(2n ** 64n - 1n, 0n) }, 'is 18446744073709551615'],
    [{ shape, dtype: 'str', data: ['a', 'b'] }, "an array of dtype 'str' (shape (2,)) holds no numbers"],
    [{ shape: [], dtype: 'none', data: null }, "an array of dtype 'none' (shape ()) holds no numbers"],
  ])('refuses what does not fit: %#', (array, message) => {
    expect(() => narrow(array, 'load')).toThrow(DTypeError);
    expect(() => narrow(array, 'load')).toThrow(message);
  });
});

describe('scalarOf', () => {
  test('gives the only element', () => {
    expect(scalarOf({ shape: [], dtype: 'float32', data: Float32Array.of(1.5) })).toBe(1.5);
    expect(scalarOf({ shape: [1], dtype: 'int64', data: BigInt64Array.of(-7n) })).toBe(-7n);
    expect(scalarOf({ shape: [], dtype: 'str', data: ['[]'] })).toBe('[]');
    expect(scalarOf({ shape: [], dtype: 'none', data: null })).toBe(null);
  });

  test('refuses several', () => {
    expect(() => scalarOf({ shape, dtype: 'str', data: ['a', 'b'] })).toThrow(ShapeError);
  });
});
