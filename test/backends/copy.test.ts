/** Strided copies, and adding into a strided view. */
import { describe, test } from 'vitest';
import type { StridedView } from '../../src/backends/primitives.js';
import { describeBackends } from '../support/backends.js';
import { expectClose, expectSame, type Tolerance } from '../support/closeness.js';
import { hostArray, sizeOf, stridesOf } from '../support/host-array.js';
import * as oracle from '../support/oracle/movement.js';
import { Samples } from '../support/samples.js';

/** A few additions to one element, in any order. */
const TOLERANCE: Tolerance = { float32: 1e-6, float64: 1e-14 };

const view = (offset: number, ...strides: number[]): StridedView => ({ offset, strides });
const dense = (...shape: number[]): StridedView => ({ offset: 0, strides: stridesOf(shape) });

interface Case {
  readonly what: string;
  /** The shape of x. */
  readonly x: readonly number[];
  readonly from: StridedView;
  readonly out: readonly number[];
  readonly to: StridedView;
  readonly shape: readonly number[];
}

const COPIES: readonly Case[] = [
  { what: 'all of it', x: [67], from: view(0, 1), out: [67], to: view(0, 1), shape: [67] },
  { what: 'one element', x: [7], from: view(3), out: [5], to: view(2), shape: [] },
  { what: '0-d to 0-d', x: [], from: view(0), out: [], to: view(0), shape: [] },
  { what: 'a run from within', x: [67], from: view(5, 1), out: [67], to: view(11, 1), shape: [43] },
  { what: 'a transpose', x: [5, 9], from: view(0, 1, 9), out: [9, 5], to: dense(9, 5), shape: [9, 5] },
  {
    what: 'a larger transpose',
    x: [237, 150],
    from: view(0, 1, 150),
    out: [150, 237],
    to: dense(150, 237),
    shape: [150, 237],
  },
  {
    what: 'axes of rank 4: NCHW to NHWC',
    x: [2, 3, 4, 5],
    from: view(0, 60, 5, 1, 20),
    out: [2, 4, 5, 3],
    to: dense(2, 4, 5, 3),
    shape: [2, 4, 5, 3],
  },
  {
    what: 'axes of rank 6, reversed',
    x: [2, 3, 1, 2, 3, 2],
    from: view(0, 1, 2, 6, 12, 12, 36),
    out: [2, 3, 2, 1, 3, 2],
    to: dense(2, 3, 2, 1, 3, 2),
    shape: [2, 3, 2, 1, 3, 2],
  },
  { what: 'backwards', x: [3, 7], from: view(20, -7, -1), out: [3, 7], to: dense(3, 7), shape: [3, 7] },
  {
    what: 'every other row, every third column',
    x: [5, 8],
    from: view(8, 16, 3),
    out: [2, 3],
    to: dense(2, 3),
    shape: [2, 3],
  },
  {
    what: 'a window of rows and columns',
    x: [6, 9],
    from: view(11, 9, 1),
    out: [4, 5],
    to: dense(4, 5),
    shape: [4, 5],
  },
  { what: 'a diagonal', x: [6, 6], from: view(0, 7), out: [6], to: view(0, 1), shape: [6] },
  { what: 'broadcasting a row', x: [5], from: view(0, 0, 1), out: [4, 5], to: dense(4, 5), shape: [4, 5] },
  { what: 'broadcasting a column', x: [4], from: view(0, 1, 0), out: [4, 5], to: dense(4, 5), shape: [4, 5] },
  { what: 'broadcasting one element', x: [1], from: view(0, 0), out: [41], to: view(0, 1), shape: [41] },
  { what: 'overlapping windows', x: [8], from: view(0, 1, 1), out: [6, 3], to: dense(6, 3), shape: [6, 3] },
  { what: 'padding', x: [3, 5], from: dense(3, 5), out: [6, 9], to: view(9 + 2, 9, 1), shape: [3, 5] },
  {
    what: 'the second part of a concatenation',
    x: [2, 3, 4],
    from: dense(2, 3, 4),
    out: [2, 5, 4],
    to: view(8, 20, 4, 1),
    shape: [2, 3, 4],
  },
  {
    what: 'a concatenation along the last axis',
    x: [7, 3],
    from: dense(7, 3),
    out: [7, 8],
    to: view(5, 8, 1),
    shape: [7, 3],
  },
  {
    what: 'writing backwards with steps',
    x: [3, 4],
    from: dense(3, 4),
    out: [6, 8],
    to: view(47, -16, -2),
    shape: [3, 4],
  },
  { what: 'nothing', x: [0, 3], from: view(0, 3, 1), out: [2, 3], to: dense(2, 3), shape: [0, 3] },
  {
    what: 'axes of size 1, with any stride',
    x: [1, 5, 1],
    from: view(0, 99, 1, -7),
    out: [5],
    to: view(0, 5, 1, 5),
    shape: [1, 5, 1],
  },
];

const ADDITIONS: readonly Omit<Case, 'from' | 'shape'>[] = [
  { what: 'all of it', x: [67], out: [67], to: view(0, 1) },
  { what: '0-d', x: [], out: [3], to: view(2) },
  { what: 'a transpose', x: [9, 5], out: [5, 9], to: view(0, 1, 9) },
  { what: 'backwards', x: [3, 7], out: [3, 7], to: view(20, -7, -1) },
  { what: 'with steps', x: [2, 3], out: [5, 8], to: view(8, 16, 3) },
  { what: 'one element many times', x: [41], out: [3], to: view(1, 0) },
  { what: 'the sum over rows', x: [4, 5], out: [5], to: view(0, 0, 1) },
  { what: 'the sum over columns', x: [4, 5], out: [4], to: view(0, 1, 0) },
  { what: 'overlapping windows', x: [6, 3], out: [8], to: view(0, 1, 1) },
  { what: 'overlapping windows of images', x: [2, 3, 3, 3, 2, 2], out: [2, 3, 4, 4], to: view(0, 48, 16, 4, 1, 4, 1) },
  { what: 'overlapping windows, backwards', x: [5, 4], out: [12], to: view(11, -2, -1) },
  { what: 'nothing', x: [0, 3], out: [2, 3], to: view(0, 3, 1) },
];

describeBackends('copy', (subject) => {
  describe.each(subject.dtypes())('%s', (dtype) => {
    test.each(COPIES)('$what', ({ x: xShape, from, out: outShape, to, shape }) => {
      const samples = new Samples();
      const [x, before] = [samples.any(xShape, dtype), samples.any(outShape, dtype)];
      const out = subject.put(before);
      subject.backend.copy(subject.put(x), from, out, to, shape);
      expectSame(subject.get(out), oracle.copy(x, from, before, to, shape));
    });
  });

  test('int32 and float32 arrive bit for bit', () => {
    const { backend } = subject;
    for (const x of [
      hostArray([16777217, -16777219, 2 ** 31 - 1, -(2 ** 31)], undefined, 'int32'),
      hostArray([Number.NaN, Number.POSITIVE_INFINITY, 3e38, 2 ** -126], undefined, 'float32'),
    ]) {
      const want = oracle.copy(x, view(3, -1), x, view(0, 1), [4]);
      expectSame(
        subject.result(want, (out) => backend.copy(subject.put(x), view(3, -1), out, view(0, 1), [4])),
        want,
      );
    }
  });
});

describeBackends('addToView', (subject) => {
  describe.each(subject.dtypes(['float32', 'float64', 'int32']))('%s', (dtype) => {
    test.each(ADDITIONS)('$what', ({ x: xShape, out: outShape, to }) => {
      const samples = new Samples();
      const [x, before] = [samples.any(xShape, dtype), samples.any(outShape, dtype)];
      const out = subject.put(before);
      subject.backend.addToView(subject.put(x), out, to);
      expectClose(
        subject.get(out),
        oracle.addToView(x, before, to),
        TOLERANCE,
        Math.max(1, sizeOf(xShape) / sizeOf(outShape)),
      );
    });
  });
});
