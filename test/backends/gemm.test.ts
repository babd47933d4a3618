/** Matrix products: transposed, batched, of every ragged size, with a bias and an activation. */
import { describe, test } from 'vitest';
import type { Activation } from '../../src/backends/ops.js';
import type { DType } from '../../src/backends/primitives.js';
import { describeBackends } from '../support/backends.js';
import { expectCloseToMagnitude, expectSame, type Tolerance } from '../support/closeness.js';
import type { HostArray } from '../support/host-array.js';
import { unary } from '../support/oracle/elementwise.js';
import { type HostMatmulOptions, matmul } from '../support/oracle/products.js';
import { Samples } from '../support/samples.js';

/** Relative to the largest Σ|a·b|. */
const TOLERANCE: Tolerance = { float32: 2e-6, float64: 1e-14 };

/** M, K, N: below, at and beyond the tiles of any kernel, with every kind of remainder, and empty. */
const SIZES: readonly (readonly [m: number, k: number, n: number])[] = [
  [1, 1, 1],
  [1, 7, 5],
  [3, 1, 2],
  [2, 3, 1],
  [4, 4, 4],
  [5, 9, 13],
  [6, 8, 8],
  [7, 5, 17],
  [13, 16, 9],
  [1, 70, 33],
  [33, 70, 1],
  [17, 33, 19],
  [31, 64, 48],
  [70, 69, 67],
  [1, 1000, 10],
  [1003, 3, 2],
  [2, 3, 1003],
  [130, 530, 140],
  [1, 4099, 37],
  // Few rows, whose B may be read where it lies: beyond strips and chunks, with every remainder of fours and eights.
  [2, 13, 2059],
  [3, 26, 2048],
  [5, 1030, 9],
  [8, 19, 1024],
  [11, 2051, 6],
  [12, 40, 1024],
  [13, 17, 1024],
  [15, 1027, 21],
  [16, 1025, 10],
  [21, 30, 1024],
  [3, 1030, 6],
  [0, 3, 4],
  [3, 0, 4],
  [3, 4, 0],
];

const TRANSPOSES = [
  { transA: false, transB: false },
  { transA: false, transB: true },
  { transA: true, transB: false },
  { transA: true, transB: true },
];

const EPILOGUES: readonly { biased: boolean; activation: Activation; withResidual: boolean }[] = [
  { biased: true, activation: 'none', withResidual: false },
  { biased: false, activation: 'relu', withResidual: false },
  { biased: true, activation: 'relu', withResidual: false },
  { biased: true, activation: 'sigmoid', withResidual: false },
  { biased: true, activation: 'tanh', withResidual: false },
  { biased: false, activation: 'none', withResidual: true },
  { biased: true, activation: 'relu', withResidual: true },
];

describeBackends('matmul of int32', (subject) => {
  /** Sums that float32 does not hold, and, of the first kind, such as wrap. */
  const RANGES = { wide: 60_000, small: 9 } as const;

  describe.each(TRANSPOSES)('transA $transA, transB $transB', (transposes) => {
    test.each([
      [1, 1, 1],
      [2, 3, 2],
      [1, 13, 1],
      [5, 9, 13],
      [33, 40, 35],
      [1, 3000, 7],
      [3, 0, 4],
      [0, 2, 3],
    ] as const)('(%i, %i) · (·, %i)', (m, k, n) => {
      for (const range of Object.values(RANGES)) {
        for (const [batchA, batchB] of [
          [1, 1],
          [3, 1],
          [1, 3],
          [2, 2],
        ]) {
          const samples = new Samples(m + k + n + range);
          const integers = (shape: number[]) => samples.integers(shape, 'int32', -range, range);
          const a = integers(transposes.transA ? [batchA, k, m] : [batchA, m, k]);
          const b = integers(transposes.transB ? [batchB, n, k] : [batchB, k, n]);
          const [bias, residual] = [integers([n]), integers([Math.max(batchA, batchB), m, n])];
          // The oracle applies the activation before it wraps.
          const activation = range === RANGES.small ? 'relu' : 'none';
          for (const added of [{}, { bias }, { bias, residual, activation } as const]) {
            const options: HostMatmulOptions = { ...transposes, ...added };
            const want = matmul(a, b, options);
            const got = subject.result(want, (out) =>
              subject.backend.matmul(subject.put(a), subject.put(b), out, {
                ...options,
                bias: options.bias && subject.put(options.bias),
                residual: options.residual && subject.put(options.residual),
              }),
            );
            expectSame(got, want);
          }
        }
      }
    });
  });
});

describeBackends('matmul', (subject) => {
  function expectProduct(a: HostArray, b: HostArray, options: HostMatmulOptions = {}) {
    const { bias, residual } = options;
    const want = matmul(a, b, options);
    const got = subject.result(want, (out) =>
      subject.backend.matmul(subject.put(a), subject.put(b), out, {
        ...options,
        bias: bias && subject.put(bias),
        residual: residual && subject.put(residual),
      }),
    );
    const magnitude = matmul(unary('absolute', a), unary('absolute', b), {
      ...options,
      bias: bias && unary('absolute', bias),
      residual: residual && unary('absolute', residual),
      activation: 'none',
    });
    expectCloseToMagnitude(got, want, magnitude, TOLERANCE);
  }

  /** Operands of a product, each as its transpose flag wants it. */
  function operands(
    dtype: DType,
    [batchA, batchB]: readonly [number, number],
    [m, k, n]: readonly [number, number, number],
    { transA, transB }: { transA: boolean; transB: boolean },
  ): [HostArray, HostArray] {
    const samples = new Samples(m + 3 * k + 7 * n);
    return [
      samples.uniform(transA ? [batchA, k, m] : [batchA, m, k], dtype),
      samples.uniform(transB ? [batchB, n, k] : [batchB, k, n], dtype),
    ];
  }

  describe.each(subject.floats)('%s', (dtype) => {
    describe.each(TRANSPOSES)('transA $transA, transB $transB', (transposes) => {
      test.each(SIZES)('(%i, %i) · (·, %i)', (...size) => {
        const [a, b] = operands(dtype, [1, 1], size, transposes);
        expectProduct(a, b, transposes);
      });

      test.each([
        [3, 3],
        [1, 3],
        [3, 1],
        [0, 1],
      ] as const)('batches of %i and %i', (...batch) => {
        const [a, b] = operands(dtype, batch, [5, 7, 9], transposes);
        const bias = new Samples().uniform([9], dtype);
        expectProduct(a, b, transposes);
        expectProduct(a, b, { ...transposes, bias, activation: 'tanh' });
      });

      test.each(EPILOGUES)(
        'bias $biased, activation $activation, residual $withResidual',
        ({ biased, activation, withResidual }) => {
          for (const size of [
            [7, 10, 13],
            [1, 10, 13],
            [7, 300, 1],
            [2, 1026, 17],
          ] as const) {
            const [a, b] = operands(dtype, [2, 2], size, transposes);
            const bias = biased ? new Samples().uniform([size[2]], dtype) : null;
            const residual = withResidual ? new Samples(5).uniform([2, size[0], size[2]], dtype) : null;
            expectProduct(a, b, { ...transposes, bias, activation, residual });
          }
        },
      );
    });

    test('k = 0 leaves the bias', () => {
      const [a, b] = operands(dtype, [1, 1], [3, 0, 4], TRANSPOSES[0]);
      expectProduct(a, b, { bias: new Samples().uniform([4], dtype), activation: 'relu' });
    });

    test('options may be omitted; out is overwritten', () => {
      const [a, b] = operands(dtype, [1, 1], [5, 6, 7], TRANSPOSES[0]);
      expectProduct(a, b);
      expectProduct(a, b);
    });
  });
});
