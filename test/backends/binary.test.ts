/** Elementwise functions of two arrays, and broadcasting. */
import { describe, expect, test } from 'vitest';
import type { DeviceName } from '../../src/backends/backend.js';
import { BINARY_OPS, type BinaryOp } from '../../src/backends/ops.js';
import type { DType } from '../../src/backends/primitives.js';
import recorded from '../fixtures/numpy/quotients.json';
import { describeBackends } from '../support/backends.js';
import { expectClose, expectSame, type Tolerance } from '../support/closeness.js';
import { hostArray } from '../support/host-array.js';
import * as oracle from '../support/oracle/elementwise.js';
import { Samples } from '../support/samples.js';

/** Relative to max(|expected|, 0.01). Arithmetic that IEEE 754 rounds once has none. */
const TOLERANCE: Record<DeviceName, Tolerance> = {
  wasm: { float32: 1e-6, float64: 1e-12 },
  webgl: { float32: 1e-5, float64: 0 },
};
const FLOOR = 0.01;
const INEXACT: readonly BinaryOp[] = ['divide', 'power', 'arctan2', 'sigmoidGrad', 'tanhGrad'];

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

/** Quarters, so that remainders are exact, ties and kinks occur, and every pair meets. */
const FINITE = [-7.5, -3.75, -2, -1, -0.5, 0, 0.25, 1, 1.5, 2, 3, 7];
const NONZERO = FINITE.filter((x) => x !== 0);
const WITH_SPECIAL = [...FINITE, NAN, INF, -INF];

/** The operands that an operation is tried with: all pairs of left and right. */
type Operands = readonly [left: readonly number[], right: readonly number[]];

/** Operations that float operands of every kind do not suit. */
const FLOAT_OPERANDS: Partial<Record<BinaryOp, Operands>> = {
  fmod: [FINITE, NONZERO],
  sigmoidGrad: [[0, 0.001, 0.25, 0.5, 0.75, 1], FINITE],
  tanhGrad: [[-1, -0.5, -0.001, 0, 0.25, 0.75, 1], FINITE],
};

const OF_WHOLE_NUMBERS = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'maximum',
  'minimum',
  'mod',
  'fmod',
  'floorDivide',
  ...oracle.COMPARISONS,
] as const;

const INT32 = [-7, -3, -1, 0, 1, 2, 5, 9];
const UINT8 = [0, 1, 2, 5, 7, 100, 200, 255];
/** float32 tells none of these from its neighbours; sums and products wrap. */
const WIDE = [-(2 ** 31), -16777217, -16777219, 0, 46341, 16777217, 16777218, 2 ** 31 - 1];

const positive = (values: readonly number[]) => values.filter((x) => x > 0);
const DIVISIONS: readonly BinaryOp[] = ['divide', 'floorDivide', 'mod', 'fmod'];

function wholeOperands(op: BinaryOp, values: readonly number[]): Operands {
  if (op === 'power') return [values.filter((x) => Math.abs(x) < 6), [0, 1, 2, 3]]; // 5³ fits into uint8
  return DIVISIONS.includes(op) ? [values, values.filter((x) => x !== 0)] : [values, values];
}

const BROADCASTS: readonly (readonly [number[], number[]])[] = [
  [[], []],
  [[5], []],
  [[1], [5]],
  [
    [3, 1],
    [1, 4],
  ],
  [[2, 3, 5], [5]],
  [
    [2, 3, 5],
    [3, 1],
  ],
  [
    [2, 3, 5],
    [2, 1, 1],
  ],
  [
    [4, 1, 3],
    [2, 1],
  ],
  [
    [1, 6, 1, 1],
    [2, 6, 3, 5],
  ],
  [
    [37, 7],
    [37, 7],
  ],
  [
    [2, 1, 3, 1, 2, 1],
    [1, 2, 1, 3, 1, 2],
  ],
  [
    [2, 3, 1, 2, 2, 3],
    [2, 3, 4, 2, 2, 3],
  ],
  [[0], [1]],
  [
    [0, 3],
    [1, 3],
  ],
  [
    [2, 0, 3],
    [1, 1],
  ],
];

describeBackends('binary', (subject) => {
  const { backend } = subject;

  /** Every pair of operands, as two arrays of equal shape. */
  function expectPairs(op: BinaryOp, [left, right]: Operands, dtype: DType) {
    const a = hostArray(
      left.flatMap((x) => right.map(() => x)),
      undefined,
      dtype,
    );
    const b = hostArray(
      left.flatMap(() => right),
      undefined,
      dtype,
    );
    const want = oracle.binary(op, a, b);
    const got = subject.result(want, (out) => backend.binary(op, subject.put(a), subject.put(b), out));
    if (INEXACT.includes(op)) expectClose(got, want, TOLERANCE[backend.name], FLOOR);
    else expectSame(got, want);
  }

  describe.each(subject.floats)('%s', (dtype) => {
    test.each(BINARY_OPS)('%s', (op) => {
      expectPairs(op, FLOAT_OPERANDS[op] ?? [WITH_SPECIAL, WITH_SPECIAL], dtype);
    });
  });

  // As text, since JSON has neither NaN nor −0.
  describe.each(subject.floats)('as NumPy recorded it, %s', (dtype) => {
    const [a, b] = [recorded[dtype].a, recorded[dtype].b].map((texts) =>
      hostArray(texts.map(Number), undefined, dtype),
    );

    // GPUs divide less exactly.
    const quotients = { float32: backend.name === 'webgl' ? 1e-6 : 0, float64: 0 };

    test.each(['floorDivide', 'mod'] as const)('%s, signs of zeros too', (op) => {
      const want = recorded[dtype][op].map(Number);
      const got = subject.result(a, (out) => backend.binary(op, subject.put(a), subject.put(b), out));
      expectClose(got, hostArray(want, undefined, dtype), quotients);
      const zeros = want.flatMap((value, i) => (value === 0 ? [i] : []));
      expect(zeros.map((i) => Object.is(got.values[i], -0))).toEqual(zeros.map((i) => Object.is(want[i], -0)));
    });

    test.each(['floorDivide', 'mod'] as const)('%s by a number, and of one', (op) => {
      for (const value of [dtype === 'float32' ? Math.fround(0.1) : 0.1, -3]) {
        const right = oracle.binary(op, a, value);
        const left = oracle.binary(op, value, b);
        expectClose(
          subject.result(a, (out) => backend.binary(op, subject.put(a), value, out)),
          right,
          quotients,
        );
        expectClose(
          subject.result(a, (out) => backend.binary(op, value, subject.put(b), out)),
          left,
          quotients,
        );
      }
    });
  });

  test.each(OF_WHOLE_NUMBERS)('int32 %s', (op) => expectPairs(op, wholeOperands(op, INT32), 'int32'));
  test.each(OF_WHOLE_NUMBERS)('uint8 %s', (op) => expectPairs(op, wholeOperands(op, UINT8), 'uint8'));
  test.each(oracle.COMPARISONS)('bool %s', (op) =>
    expectPairs(
      op,
      [
        [0, 1],
        [0, 1],
      ],
      'bool',
    ),
  );

  test.each(['add', 'subtract', 'multiply', 'maximum', 'minimum', ...oracle.COMPARISONS] as const)(
    'int32 %s keeps all 32 bits',
    (op) => expectPairs(op, [WIDE, WIDE], 'int32'),
  );

  test.each(['divide', 'mod'] as const)('int32 %s keeps all 32 bits', (op) => {
    expectPairs(op, [WIDE, [...positive(WIDE), 3, -7, 10]], 'int32');
  });

  test.each(BROADCASTS)('broadcasting %j with %j', (left, right) => {
    for (const dtype of subject.dtypes(['float32', 'float64', 'int32', 'uint8'])) {
      const samples = new Samples();
      const [a, b] = [samples.any(left, dtype), samples.any(right, dtype)];
      for (const op of ['subtract', 'less'] as const) {
        for (const [x, y] of [
          [a, b],
          [b, a],
        ]) {
          const want = oracle.binary(op, x, y);
          expectSame(
            subject.result(want, (out) => backend.binary(op, subject.put(x), subject.put(y), out)),
            want,
          );
        }
      }
    }
  });

  test.each(subject.dtypes(['float32', 'float64', 'int32', 'uint8']))(
    'a number stands for a 0-d array: %s',
    (dtype) => {
      const x = new Samples().any([3, 7], dtype);
      for (const op of ['subtract', 'maximum', 'lessEqual'] as const) {
        const right = oracle.binary(op, x, 3);
        expectSame(
          subject.result(right, (out) => backend.binary(op, subject.put(x), 3, out)),
          right,
        );
        const left = oracle.binary(op, 3, x);
        expectSame(
          subject.result(left, (out) => backend.binary(op, 3, subject.put(x), out)),
          left,
        );
      }
    },
  );

  test.each(subject.dtypes(['float32', 'float64', 'int32', 'uint8']))(
    'out may be an operand of its shape: %s',
    (dtype) => {
      const samples = new Samples();
      const [x, y, row] = [samples.any([5, 7], dtype), samples.any([5, 7], dtype), samples.any([7], dtype)];

      const left = subject.put(x);
      backend.binary('subtract', left, subject.put(y), left);
      expectSame(subject.get(left), oracle.binary('subtract', x, y));

      const right = subject.put(y);
      backend.binary('subtract', subject.put(x), right, right);
      expectSame(subject.get(right), oracle.binary('subtract', x, y));

      const both = subject.put(x);
      backend.binary('add', both, both, both);
      expectSame(subject.get(both), oracle.binary('add', x, x));

      const accumulator = subject.put(x);
      backend.binary('subtract', accumulator, subject.put(row), accumulator);
      expectSame(subject.get(accumulator), oracle.binary('subtract', x, row));
    },
  );
});
