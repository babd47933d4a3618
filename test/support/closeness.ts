/** Compares a device's results with an oracle's. A failure names the places and both numbers. */
import { expect } from 'vitest';
import type { DType } from '../../src/backends/primitives.js';
import { type FloatDType, type HostArray, indicesOf, isFloat, placeOf } from './host-array.js';

/** How large an error may be, relative to a magnitude, in each floating dtype. */
export type Tolerance = Readonly<Record<FloatDType, number>>;

/** At most this many differences are listed. */
const LISTED = 5;

/** The same dtype, shape and elements; NaN equals NaN, and −0 equals 0. */
export function expectSame(got: HostArray, want: HostArray): void {
  expectWithin(got, want, () => 0);
}

/**
 * Elementwise |got − want| ≤ tolerance·max(|want|, floor); whole numbers and booleans must be the same.
 * NaN equals NaN, and infinities must match.
 */
export function expectClose(got: HostArray, want: HostArray, tolerance: Tolerance, floor = 1): void {
  const relative = toleranceFor(want.dtype, tolerance);
  expectWithin(got, want, (value) => relative * Math.max(Math.abs(value), floor));
}

/**
 * |got − want| ≤ tolerance·max(magnitude) everywhere. For sums of products, whose rounding errors follow the size of
 * the terms and not of the sum: `magnitude` is the oracle run on absolute values.
 */
export function expectCloseToMagnitude(
  got: HostArray,
  want: HostArray,
  magnitude: HostArray,
  tolerance: Tolerance,
): void {
  const bound = toleranceFor(want.dtype, tolerance) * magnitude.values.reduce((a, b) => Math.max(a, b), 0);
  expectWithin(got, want, () => bound);
}

const toleranceFor = (dtype: DType, tolerance: Tolerance) => (isFloat(dtype) ? tolerance[dtype] : 0);

function expectWithin(got: HostArray, want: HostArray, bound: (value: number) => number): void {
  expect({ shape: got.shape, dtype: got.dtype, size: got.values.length }).toEqual({
    shape: want.shape,
    dtype: want.dtype,
    size: want.values.length,
  });
  const differences = [];
  for (const index of indicesOf(want.shape)) {
    const place = placeOf(want.shape, index);
    const [a, b] = [got.values[place], want.values[place]];
    const equal = a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= bound(b);
    if (!equal)
      differences.push(
        `[${index}]: got ${a}, expected ${b}${isFloat(want.dtype) ? ` (off by ${Math.abs(a - b).toExponential(2)})` : ''}`,
      );
  }
  const more = differences.length > LISTED ? [`… ${differences.length} of ${want.values.length} elements differ`] : [];
  expect([...differences.slice(0, LISTED), ...more]).toEqual([]);
}
