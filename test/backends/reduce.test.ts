/** Reductions, indices of extremes, running sums and products. */
import { describe, test } from 'vitest';
import { REDUCE_OPS, type ReduceOp } from '../../src/backends/ops.js';
import type { DType } from '../../src/backends/primitives.js';
import { describeBackends } from '../support/backends.js';
import { expectCloseToMagnitude, expectSame, type Tolerance } from '../support/closeness.js';
import { type HostArray, hostArray, isFloat } from '../support/host-array.js';
import { unary } from '../support/oracle/elementwise.js';
import * as oracle from '../support/oracle/reductions.js';
import { Samples } from '../support/samples.js';

/** Relative to the sum (or product) of absolute values: the order of additions is free. */
const TOLERANCE: Tolerance = { float32: 1e-6, float64: 1e-12 };

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

/** Shapes and the axes to reduce: leading, trailing, inner, scattered, all, none, of size 1. */
const REDUCTIONS: readonly (readonly [shape: number[], axes: number[]])[] = [
  [[], []],
  [[1], [0]],
  [[7], [0]],
  [[67], [0]],
  [[2053], [0]],
  [[5, 9], [0]],
  [[5, 9], [1]],
  [
    [5, 9],
    [0, 1],
  ],
  [[33, 70], [0]],
  [[33, 70], [1]],
  [[3, 1, 4], [1]],
  [[2, 3, 5], [1]],
  [
    [2, 3, 5],
    [0, 2],
  ],
  [
    [4, 6, 3, 5],
    [0, 2, 3],
  ],
  [
    [2, 3, 2, 3, 2, 3],
    [1, 3, 5],
  ],
  [
    [2, 3, 2, 3, 2, 3],
    [0, 2, 3],
  ],
  [[2, 3], []],
  [[0, 3], [1]],
];

/** Reductions of empty arrays, which only sums and products have. */
const OF_NOTHING: readonly (readonly [shape: number[], axes: number[]])[] = [
  [[0], [0]],
  [[0, 3], [0]],
  [
    [2, 0, 3],
    [0, 1],
  ],
];

/** Products of these neither overflow nor vanish: floats about 1, and odd integers, whose products wrap and stay odd. */
function factors(shape: readonly number[], dtype: DType): HostArray {
  const samples = new Samples();
  if (isFloat(dtype)) return samples.uniform(shape, dtype, 0.9, 1.1);
  return hostArray(
    samples.integers(shape).values.map((n) => 2 * n + 1),
    shape,
    dtype,
  );
}

describeBackends('reduce', (subject) => {
  const { backend } = subject;

  function expectReduced(op: ReduceOp, x: HostArray, axes: readonly number[]) {
    for (const keepDims of [false, true]) {
      const want = oracle.reduce(op, x, axes, keepDims);
      const got = subject.result(want, (out) => backend.reduce(op, subject.put(x), axes, out));
      const magnitude = oracle.reduce(op, unary('absolute', x), axes, keepDims);
      if (op === 'sum' || op === 'prod') expectCloseToMagnitude(got, want, magnitude, TOLERANCE);
      else expectSame(got, want);
    }
  }

  describe.each(REDUCE_OPS)('%s', (op) => {
    test.each(REDUCTIONS)('%j over %j', (shape, axes) => {
      for (const dtype of subject.dtypes(['float32', 'float64', 'int32', 'uint8'])) {
        expectReduced(op, op === 'prod' ? factors(shape, dtype) : new Samples().any(shape, dtype), axes);
      }
    });

    if (op === 'sum' || op === 'prod') {
      test.each(OF_NOTHING)('empty: %j over %j', (shape, axes) => {
        for (const dtype of subject.dtypes(['float32', 'float64', 'int32', 'uint8'])) {
          expectReduced(op, hostArray([], shape, dtype), axes);
        }
      });
    } else {
      test('bool', () => {
        expectReduced(op, hostArray([0, 0, 0, 1, 1, 1, 0, 1, 1], [3, 3], 'bool'), [1]);
      });

      test.each(subject.floats)('NaN wins and infinities count: %s', (dtype) => {
        const rows = [
          [1, NAN, 3],
          [NAN, INF, -INF],
          [INF, 0, -INF],
          [-INF, -INF, -INF],
          [INF, INF, INF],
          [-5, -3, -4],
        ];
        expectReduced(op, hostArray(rows.flat(), [6, 3], dtype), [1]);
        expectReduced(op, hostArray(rows.flat(), [6, 3], dtype), [0]);
      });

      test.each(subject.floats)('a NaN anywhere in a long row: %s', (dtype) => {
        const x = new Samples().uniform([40, 83], dtype);
        // Row i has it at 2·i, the last rows have none.
        const values = x.values.map((v, k) => (k % 83 === 2 * Math.floor(k / 83) && k < 36 * 83 ? NAN : v));
        expectReduced(op, { ...x, values }, [1]);
      });

      test('int32 keeps all 32 bits', () => {
        const wide = [16777216, 16777217, -16777217, -16777216, 2 ** 31 - 1, 2 ** 31 - 2, -(2 ** 31), -(2 ** 31) + 1];
        expectReduced(op, hostArray(wide, [4, 2], 'int32'), [1]);
      });
    }
  });

  test('sums of integers wrap', () => {
    expectReduced('sum', hostArray([2 ** 31 - 1, 1, 16777217, 2 ** 30], [2, 2], 'int32'), [0]);
    expectReduced('sum', hostArray([200, 100, 255, 255], [2, 2], 'uint8'), [0]);
  });

  test('a sum of many float32 keeps its digits', () => {
    expectReduced('sum', new Samples().uniform([20011], 'float32', 0, 1), [0]);
  });
});

describeBackends('argReduce', (subject) => {
  const { backend } = subject;

  describe.each(['argmax', 'argmin'] as const)('%s', (op) => {
    function expectPlaces(x: HostArray, axis: number) {
      const want = oracle.argReduce(op, x, axis);
      expectSame(
        subject.result(want, (out) => backend.argReduce(op, subject.put(x), axis, out)),
        want,
      );
    }

    test.each([
      [[1], 0],
      [[67], 0],
      [[5, 9], 0],
      [[5, 9], 1],
      [[3, 1, 4], 1],
      [[2, 7, 5], 1],
      [[2, 3, 2, 3, 2, 3], 3],
      [[0, 3], 1],
    ])('the first of ties: %j along %i', (shape, axis) => {
      for (const dtype of subject.dtypes()) expectPlaces(new Samples().integers(shape, dtype, 0, 3), axis);
    });

    test.each(subject.floats)('the first NaN, and infinities: %s', (dtype) => {
      const rows = [
        [1, NAN, 3, NAN],
        [INF, -INF, INF, -INF],
        [-INF, -INF, -INF, -INF],
        [NAN, INF, -INF, 0],
        [-4, -3, -3, -4],
      ];
      expectPlaces(hostArray(rows.flat(), [5, 4], dtype), 1);
    });

    test('int32 keeps all 32 bits', () => {
      expectPlaces(hostArray([16777216, 16777217, 16777216, -16777216, -16777217, -16777217], [2, 3], 'int32'), 1);
    });
  });
});

describeBackends('cumulative', (subject) => {
  const { backend } = subject;

  test.each([
    [[1], 0],
    [[67], 0],
    [[5, 9], 0],
    [[5, 9], 1],
    [[3, 1, 4], 1],
    [[2, 7, 5], 1],
    [[2, 3, 2, 3, 2, 3], 3],
    [[0, 3], 0],
    [[2, 0], 0],
  ])('%j along %i', (shape, axis) => {
    for (const dtype of subject.dtypes(['float32', 'float64', 'int32', 'uint8'])) {
      for (const [op, x] of [
        ['cumsum', new Samples().any(shape, dtype)],
        ['cumprod', factors(shape, dtype)],
      ] as const) {
        const want = oracle.cumulative(op, x, axis);
        const got = subject.result(want, (out) => backend.cumulative(op, subject.put(x), axis, out));
        expectCloseToMagnitude(got, want, oracle.cumulative(op, unary('absolute', x), axis), TOLERANCE);
      }
    }
  });
});
