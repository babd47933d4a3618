/** The rule by which conformance is judged. Oracle: the rule as the README of the reference data states it. */
import { describe, expect, test } from 'vitest';
import type { DeviceReadyArray } from '../../src/formats/host-array.js';
import { compare, compareJson, Mismatch } from './compare.js';

const TOLERANCE = { rtol: 1e-4, atol: 1e-5 };

const floats = (...values: number[]): DeviceReadyArray => ({
  shape: [values.length],
  dtype: 'float64',
  data: Float64Array.from(values),
});

describe('compare', () => {
  test.each<[string, number[], number[]]>([
    ['equal', [1, 2], [1, 2]],
    ['within rtol of each element', [10.0009], [10]],
    ['within atol of zero', [0.9e-5], [0]],
    ['within atol of the largest element', [0.0009, 100], [0, 100]],
    [
      'NaN, infinities and zeros of both signs',
      [Number.NaN, Infinity, -Infinity, -0],
      [Number.NaN, Infinity, -Infinity, 0],
    ],
  ])('accepts what is %s', (_, got, want) => {
    expect(() => compare('y', floats(...got), floats(...want), TOLERANCE)).not.toThrow();
  });

  test.each<[string, number[], number[]]>([
    ['beyond rtol', [10.0013], [10]],
    ['beyond atol', [1.1e-5], [0]],
    ['scaled by an infinity', [0.1, Infinity], [0, Infinity]],
    ['an infinity of the other sign', [Infinity], [-Infinity]],
    ['NaN for a number', [Number.NaN], [1]],
    ['a number for NaN', [1], [Number.NaN]],
    ['a number for an infinity', [3e38], [Infinity]],
    ['of another shape', [1, 2], [1]],
  ])('refuses what is %s', (_, got, want) => {
    expect(() => compare('y', floats(...got), floats(...want), TOLERANCE)).toThrow(Mismatch);
  });

  test('integers are exact, dtypes are compared', () => {
    const want: DeviceReadyArray = { shape: [1], dtype: 'int32', data: Int32Array.of(100000) };
    expect(() => compare('y', { ...want, data: [100001] }, want, TOLERANCE)).toThrow(
      'element 0 is 100001 instead of 100000',
    );
    expect(() => compare('y', { ...want, dtype: 'float32' }, want, TOLERANCE)).toThrow(
      'dtype float32 instead of int32',
    );
  });
});

describe('compareJson', () => {
  test('accepts equal values, in any order of keys', () => {
    expect(() => compareJson('x', { a: [1, 'b'], c: null }, { c: null, a: [1, 'b'] })).not.toThrow();
    expect(() => compareJson('x', 1 + 1e-13, 1, 1e-12)).not.toThrow();
  });

  test.each<[unknown, unknown]>([
    [[1, 2], [1]],
    [{ a: 1 }, { b: 1 }],
    [1, '1'],
    [null, {}],
    [0.1 + 0.2, 0.3],
  ])('refuses %j for %j', (got, want) => {
    expect(() => compareJson('x', got, want)).toThrow(Mismatch);
  });
});
