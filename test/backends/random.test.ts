/** Random numbers: the same bits on every backend and machine. */
import { describe, expect, test } from 'vitest';
import { describeBackends } from '../support/backends.js';
import { expectClose, expectSame, type Tolerance } from '../support/closeness.js';
import * as oracle from '../support/oracle/random.js';

/** Errors of normal numbers, which are computed with a logarithm, a root and a cosine. */
const TOLERANCE: Tolerance = { float32: 5e-6, float64: 1e-12 };

const SEEDS: readonly (readonly [seed: number, stream: number])[] = [
  [0, 0],
  [42, 7],
  [2 ** 31 - 1, 2 ** 31],
  [0xffffffff, 0xffffffff],
];

const CASES = [[], [0], [1], [2], [37], [4, 5, 3], [513]].map((shape) => ({ shape }));

test.each([
  { key: [0n, 0n], counter: [0n, 0n], words: [0x6b200159n, 0x99ba4efen] },
  { key: [0xffffffffn, 0xffffffffn], counter: [0xffffffffn, 0xffffffffn], words: [0x1cb996fcn, 0xbb002be7n] },
  { key: [0x13198a2en, 0x03707344n], counter: [0x243f6a88n, 0x85a308d3n], words: [0xc4923a9cn, 0x483df7a0n] },
] as const)('the oracle gives the known answers of Threefry-2x32-20: $words', ({ key, counter, words }) => {
  expect(oracle.threefry2x32(key, counter)).toEqual(words);
});

describeBackends('random', (subject) => {
  const { backend } = subject;

  describe.each(subject.floats)('%s', (dtype) => {
    describe.each(SEEDS)('seed %i, stream %i', (seed, stream) => {
      test.each(CASES)('uniform, bit for bit: $shape', ({ shape }) => {
        const want = oracle.uniform(seed, stream, shape, dtype);
        expectSame(
          subject.result(want, (out) => backend.random('uniform', seed, stream, out)),
          want,
        );
      });

      test.each(CASES)('normal: $shape', ({ shape }) => {
        const want = oracle.normal(seed, stream, shape, dtype);
        expectClose(
          subject.result(want, (out) => backend.random('normal', seed, stream, out)),
          want,
          TOLERANCE,
        );
      });
    });
  });
});
