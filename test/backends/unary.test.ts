/** Elementwise functions of one array. */
import { describe, expect, test } from 'vitest';
import type { DeviceName } from '../../src/backends/backend.js';
import { UNARY_OPS, type UnaryOp } from '../../src/backends/ops.js';
import { describeBackends } from '../support/backends.js';
import { expectClose, expectSame, type Tolerance } from '../support/closeness.js';
import { hostArray } from '../support/host-array.js';
import * as oracle from '../support/oracle/elementwise.js';
import { Samples } from '../support/samples.js';

/** Relative to max(|expected|, 0.01): near zero, expm1 and its like must not lose their digits. */
const TOLERANCE: Record<DeviceName, Tolerance> = {
  wasm: { float32: 1e-6, float64: 1e-12 },
  webgl: { float32: 1e-5, float64: 0 },
};
const FLOOR = 0.01;

/** Operations whose result is exact, or is a whole number or a truth value. */
const EXACT: readonly UnaryOp[] = [
  'negative',
  'absolute',
  'sign',
  'relu',
  'ceil',
  'floor',
  'rint',
  'trunc',
  'logicalNot',
  'isNan',
  'isInf',
];

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;
const SPECIAL = [NAN, INF, -INF];
const GENERAL = [-10, -3, -2.5, -1.5, -1, -0.75, -0.5, -0.001, 0, 1e-5, 0.25, 0.5, 1, 1.5, 2.5, 3.5, 7.25, ...SPECIAL];
const POSITIVE = [1e-6, 0.001, 0.5, 0.999, 1, 1.001, 2, 3, 10, 1234.5, 1e10, 0, -1, ...SPECIAL];
const UNIT = [-1, -0.999, -0.5, -1e-3, 0, 1e-5, 0.3, 0.75, 1, 1.5, NAN];
const EXPONENTS = [-100, -20, -3.25, -1, -1e-3, 0, 1e-5, 0.5, 1, 2, 9.75, 40, ...SPECIAL];
const ANGLES = [-7, -4, -3, -1.5, -0.5, -1e-3, 0, 1e-5, 0.5, 1, 1.5, 2.5, 5, 9, NAN];

/** Kinks, ties of rounding, both ends of each domain, what lies outside it, and values where naive formulas cancel. */
const INPUTS: Record<UnaryOp, readonly number[]> = {
  negative: GENERAL,
  absolute: GENERAL,
  sign: GENERAL,
  square: GENERAL,
  relu: GENERAL,
  ceil: GENERAL,
  floor: GENERAL,
  rint: GENERAL,
  trunc: GENERAL,
  sqrt: POSITIVE,
  rsqrt: POSITIVE,
  reciprocal: GENERAL,
  exp: EXPONENTS,
  exp2: EXPONENTS,
  expm1: EXPONENTS,
  log: POSITIVE,
  log2: POSITIVE,
  log10: POSITIVE,
  log1p: [-1, -0.999, -0.5, -1e-5, 0, 1e-5, 1e-3, 0.5, 1, 100, -2, ...SPECIAL],
  sin: ANGLES,
  cos: ANGLES,
  tan: ANGLES,
  arcsin: UNIT,
  arccos: UNIT,
  arctan: GENERAL,
  sinh: EXPONENTS.filter((x) => Math.abs(x) < 50 || Number.isNaN(x)),
  cosh: EXPONENTS.filter((x) => Math.abs(x) < 50 || Number.isNaN(x)),
  tanh: EXPONENTS,
  erf: GENERAL,
  erfc: GENERAL,
  sigmoid: EXPONENTS,
  softplus: EXPONENTS,
  logicalNot: GENERAL,
  isNan: GENERAL,
  isInf: GENERAL,
};

const OF_WHOLE_NUMBERS = [
  'negative',
  'absolute',
  'sign',
  'square',
  'relu',
  'ceil',
  'floor',
  'rint',
  'trunc',
  'logicalNot',
] as const;

const WHOLE_NUMBERS = {
  int32: [-(2 ** 31), -(2 ** 31) + 1, -16777217, -46341, -9, -1, 0, 1, 7, 65536, 16777217, 2 ** 31 - 1],
  uint8: [0, 1, 2, 15, 16, 127, 128, 200, 255],
};

/** The inputs over and over, so that each meets both the body and the tail of a vectorised loop. */
const repeated = (values: readonly number[], length = 53) =>
  Array.from({ length }, (_, i) => values[i % values.length]);

const SHAPES = [[], [0], [3, 0], [1], [1, 1], [2], [3], [7], [2, 3, 5], [2, 1, 3, 2, 1, 3], [1009], [70003]].map(
  (shape) => ({
    shape,
  }),
);

describeBackends('unary', (subject) => {
  const { backend } = subject;

  describe.each(subject.floats)('%s', (dtype) => {
    test.each(UNARY_OPS)('%s', (op) => {
      const x = hostArray(repeated(INPUTS[op]), undefined, dtype);
      const want = oracle.unary(op, x);
      const got = subject.result(want, (out) => backend.unary(op, subject.put(x), out));
      if (EXACT.includes(op)) expectSame(got, want);
      else expectClose(got, want, TOLERANCE[backend.name], FLOOR);
    });
  });

  test.each(['sin', 'cos', 'tan'] as const)('%s of large angles', (op) => {
    const samples = new Samples();
    // Each power of ten from 10³ to 10³⁸, whole multiples of π/2 as near as floats come, and whole numbers.
    const drawn = Array.from({ length: 36 }, (_, k) => [
      ...samples.uniform([40], 'float32', -(10 ** (k + 3)), 10 ** (k + 3)).values,
    ]);
    const multiples = [1, 2, 3, 355, 5215, 12345, 1e6, 3e8].flatMap((n) => [(n * Math.PI) / 2, (-n * Math.PI) / 2]);
    const x = hostArray([...drawn.flat(), ...multiples, 8191.5, 8192, 8192.001, 16384, 123456, -3e5, 16777216, 1e9]);
    const want = oracle.unary(op, x);
    const got = subject.result(want, (out) => backend.unary(op, subject.put(x), out));
    expectClose(got, want, { float32: 2e-6, float64: 0 }, 0.1);
  });

  describe.each(['int32', 'uint8'] as const)('%s', (dtype) => {
    test.each(OF_WHOLE_NUMBERS)('%s', (op) => {
      const x = hostArray(repeated(WHOLE_NUMBERS[dtype]), undefined, dtype);
      const want = oracle.unary(op, x);
      expectSame(
        subject.result(want, (out) => backend.unary(op, subject.put(x), out)),
        want,
      );
    });
  });

  test('logicalNot of bool', () => {
    const x = hostArray(repeated([0, 1, 1]), undefined, 'bool');
    const want = oracle.unary('logicalNot', x);
    expectSame(
      subject.result(want, (out) => backend.unary('logicalNot', subject.put(x), out)),
      want,
    );
  });

  test.each(SHAPES)('a shape of any rank and size: $shape', ({ shape }) => {
    for (const dtype of subject.dtypes(['float32', 'float64', 'int32', 'uint8'])) {
      const x = new Samples().any(shape, dtype);
      const want = oracle.unary('negative', x);
      expectSame(
        subject.result(want, (out) => backend.unary('negative', subject.put(x), out)),
        want,
      );
    }
  });

  test('out may be x', () => {
    for (const dtype of subject.floats) {
      const x = new Samples().uniform([37], dtype);
      const tensor = subject.put(x);
      backend.unary('square', tensor, tensor);
      expectClose(subject.get(tensor), oracle.unary('square', x), TOLERANCE[backend.name]);
    }
  });

  test('x is unchanged', () => {
    const x = new Samples().uniform([37]);
    const tensor = subject.put(x);
    subject.result(x, (out) => backend.unary('exp', tensor, out));
    expect(subject.get(tensor)).toEqual(x);
  });
});
