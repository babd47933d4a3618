/** Filling, changing the dtype, and choosing between two arrays. */
import { describe, test } from 'vitest';
import type { DType } from '../../src/backends/primitives.js';
import { describeBackends } from '../support/backends.js';
import { expectSame } from '../support/closeness.js';
import { build, type HostArray, hostArray } from '../support/host-array.js';
import * as oracle from '../support/oracle/elementwise.js';
import { Samples } from '../support/samples.js';

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

const FILLS: Record<DType, readonly number[]> = {
  float32: [0, 1, -2.5, 0.1, 1e30, NAN, INF, -INF],
  float64: [0, 1, -2.5, 0.1, 1e300, NAN, INF, -INF],
  int32: [0, 1, -1, 16777217, 2 ** 31 - 1, -(2 ** 31)],
  uint8: [0, 1, 255, 256, 300, -1, 2.7],
  bool: [0, 1, 2, -1, 0.5, 256, NAN],
};

/** Numbers that each target holds: what C leaves undefined is not asked for. */
const CASTS: Record<DType, (to: DType) => readonly number[]> = {
  float32: (to) => CAST_FLOATS[to],
  float64: (to) => CAST_FLOATS[to],
  int32: () => [-(2 ** 31), -257, -2, -1, 0, 1, 2, 255, 256, 1000, 16777216, 2 ** 31 - 1],
  uint8: () => [0, 1, 2, 127, 128, 255],
  bool: () => [0, 1],
};

const CAST_FLOATS: Record<DType, readonly number[]> = {
  float32: [-2.5, -0.1, 0, 0.1, 1, 1 / 3, 1e30, NAN, INF, -INF],
  float64: [-2.5, -0.1, 0, 0.1, 1, 1 / 3, 1e30, NAN, INF, -INF],
  int32: [-100000.9, -2.5, -1.5, -0.9, 0, 0.9, 1.5, 2.5, 16777215, 1e9],
  uint8: [0, 0.9, 1, 1.5, 2.5, 127.9, 255],
  bool: [0, 0.1, -0.1, 1, 2, NAN, INF],
};

const repeated = (values: readonly number[], length = 41) =>
  Array.from({ length }, (_, i) => values[i % values.length]);

describeBackends('fill', (subject) => {
  test.each(subject.dtypes())('%s', (dtype) => {
    for (const value of FILLS[dtype]) {
      for (const shape of [[], [0], [1], [37], [2, 3, 5]]) {
        const want = build(shape, dtype, () => value);
        expectSame(
          subject.result(want, (out) => subject.backend.fill(out, value)),
          want,
        );
      }
    }
  });
});

describeBackends('cast', (subject) => {
  describe.each(subject.dtypes())('from %s', (from) => {
    test.each(subject.dtypes())('to %s', (to) => {
      const values = repeated(CASTS[from](to));
      for (const x of [
        hostArray(values, [values.length], from),
        hostArray([1], [], from),
        hostArray([], [2, 0], from),
      ]) {
        const want = oracle.cast(x, to);
        expectSame(
          subject.result(want, (out) => subject.backend.cast(subject.put(x), out)),
          want,
        );
      }
    });
  });
});

describeBackends('where', (subject) => {
  const { backend } = subject;

  function expectChosen(condition: HostArray, a: HostArray | number, b: HostArray | number, dtype: DType) {
    const want = oracle.where(condition, a, b, dtype);
    const put = (x: HostArray | number) => (typeof x === 'number' ? x : subject.put(x));
    expectSame(
      subject.result(want, (out) => backend.where(subject.put(condition), put(a), put(b), out)),
      want,
    );
  }

  test.each([
    [[], [], []],
    [[37], [37], [37]],
    [[3, 37], [37], [3, 1]],
    [[3, 37], [], [3, 37]],
    [[2, 3, 5], [5], [3, 1]],
    [[3, 1], [1, 4], []],
    [[1], [2, 3], [2, 1]],
    [
      [0, 3],
      [1, 3],
      [0, 1],
    ],
    [
      [2, 1, 3, 1, 2, 1],
      [1, 2, 1, 3, 1, 2],
      [2, 2, 1, 1, 2, 2],
    ],
  ])('broadcasting %j, %j, %j', (condition, a, b) => {
    for (const dtype of subject.dtypes()) {
      const samples = new Samples();
      expectChosen(samples.any(condition, 'bool'), samples.any(a, dtype), samples.any(b, dtype), dtype);
    }
  });

  test.each(subject.dtypes())('numbers for arrays: %s', (dtype) => {
    const samples = new Samples();
    const [condition, x] = [samples.any([3, 7], 'bool'), samples.any([3, 7], dtype)];
    expectChosen(condition, x, 1, dtype);
    expectChosen(condition, 1, x, dtype);
    expectChosen(condition, 1, 0, dtype);
  });

  test('the operand that is not chosen has no effect', () => {
    for (const dtype of subject.floats) {
      const condition = hostArray([1, 0, 1, 0, 1], undefined, 'bool');
      const [a, b] = [
        hostArray([1, NAN, 3, INF, 5], undefined, dtype),
        hostArray([NAN, 2, INF, 4, -INF], undefined, dtype),
      ];
      expectChosen(condition, a, b, dtype);
    }
  });

  test.each(subject.dtypes())('out may be an operand of its shape: %s', (dtype) => {
    const samples = new Samples();
    const [condition, a, b] = [samples.any([37], 'bool'), samples.any([37], dtype), samples.any([37], dtype)];
    const want = oracle.where(condition, a, b, dtype);

    const left = subject.put(a);
    backend.where(subject.put(condition), left, subject.put(b), left);
    expectSame(subject.get(left), want);

    const right = subject.put(b);
    backend.where(subject.put(condition), subject.put(a), right, right);
    expectSame(subject.get(right), want);
  });

  test('out may be the condition', () => {
    const samples = new Samples();
    const [condition, a, b] = [samples.any([37], 'bool'), samples.any([37], 'bool'), samples.any([37], 'bool')];
    const tensor = subject.put(condition);
    backend.where(tensor, subject.put(a), subject.put(b), tensor);
    expectSame(subject.get(tensor), oracle.where(condition, a, b, 'bool'));
  });
});
