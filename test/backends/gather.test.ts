/** Taking slices by index, and adding them back. */
import { describe, test } from 'vitest';
import { describeBackends } from '../support/backends.js';
import { expectClose, expectSame, type Tolerance } from '../support/closeness.js';
import { at, build, hostArray } from '../support/host-array.js';
import * as oracle from '../support/oracle/movement.js';
import { Samples } from '../support/samples.js';

/** A few additions to one element, in any order. */
const TOLERANCE: Tolerance = { float32: 1e-6, float64: 1e-14 };

/** Indices are drawn from fewer numbers than there are indices, so most repeat. */
const CASES: readonly (readonly [shape: number[], axis: number, indices: number[]])[] = [
  [[5], 0, [3]],
  [[5], 0, []],
  [[1], 0, [9]],
  [[4, 3], 0, [2, 2]],
  [[4, 3], 1, [7]],
  [[4, 3], 1, []],
  [[50, 7], 0, [13]],
  [[2, 5, 3, 4], 1, [3]],
  [[2, 5, 3, 4], 2, [2, 3]],
  [[2, 3, 2, 4, 2, 3], 3, [5]],
  [[4, 3], 0, [0]],
  [[3, 0], 0, [2]],
];

describeBackends('gather', (subject) => {
  describe.each(subject.dtypes())('%s', (dtype) => {
    test.each(CASES)('%j along %i by indices of shape %j', (shape, axis, indicesShape) => {
      const samples = new Samples();
      const [x, indices] = [samples.any(shape, dtype), samples.integers(indicesShape, 'int32', 0, shape[axis])];
      const want = oracle.gather(x, indices, axis);
      expectSame(
        subject.result(want, (out) => subject.backend.gather(subject.put(x), subject.put(indices), axis, out)),
        want,
      );
    });
  });

  test('both ends of the range', () => {
    const x = new Samples().uniform([5, 3]);
    const indices = hostArray([4, 0, 4], [3], 'int32');
    const want = oracle.gather(x, indices, 0);
    expectSame(
      subject.result(want, (out) => subject.backend.gather(subject.put(x), subject.put(indices), 0, out)),
      want,
    );
  });
});

/** Indices of an axis of 5: from the end, and out of range. */
const BEYOND = [-1, -5, 2, -6, 5, 6, 4, 1_000_000, -1_000_000, 2 ** 31 - 1, -(2 ** 31)];
const placeOf = (index: number) => (index < 0 ? index + 5 : index);

describeBackends('indices that count from the end, and that name no place', (subject) => {
  // One element, whole texels, neither; and as many indices as points are drawn for.
  describe.each([1, 3, 4, 8])('slices of %i', (inner) => {
    describe.each([BEYOND, Array.from({ length: 80 }, (_, i) => BEYOND[i % BEYOND.length])])('%#', (...beyond) => {
      const indices = hostArray(beyond, [beyond.length], 'int32');

      test.each(subject.dtypes())('gather of %s reads zeros there', (dtype) => {
        const x = new Samples().any([2, 5, inner], dtype);
        const want = build([2, beyond.length, inner], dtype, ([o, j, i]) => {
          const place = placeOf(beyond[j]);
          return place >= 0 && place < 5 ? at(x, [o, place, i]) : 0;
        });
        expectSame(
          subject.result(want, (out) => subject.backend.gather(subject.put(x), subject.put(indices), 1, out)),
          want,
        );
      });

      test.each(subject.dtypes(['float32', 'float64', 'int32', 'uint8']))(
        'scatterAdd of %s adds nothing there',
        (dtype) => {
          const x = new Samples().integers([2, beyond.length, inner], dtype, 0, 3);
          const before = new Samples(3).integers([2, 5, inner], dtype, 0, 9);
          const want = build([2, 5, inner], dtype, ([o, k, i]) =>
            beyond.reduce(
              (sum, index, j) => (placeOf(index) === k ? sum + at(x, [o, j, i]) : sum),
              at(before, [o, k, i]),
            ),
          );
          const out = subject.put(before);
          subject.backend.scatterAdd(subject.put(x), subject.put(indices), 1, out);
          expectSame(subject.get(out), want);
        },
      );
    });
  });

  test('of an axis without elements', () => {
    const x = subject.put(hostArray([], [0, 3]));
    const indices = subject.put(hostArray([0, -1], [2], 'int32'));
    const want = build([2, 3], 'float32', () => 0);
    expectSame(
      subject.result(want, (out) => subject.backend.gather(x, indices, 0, out)),
      want,
    );
  });
});

describeBackends('scatterAdd', (subject) => {
  describe.each(subject.dtypes(['float32', 'float64', 'int32']))('%s', (dtype) => {
    test.each(CASES)('into %j along %i by indices of shape %j', (shape, axis, indicesShape) => {
      const samples = new Samples();
      const [before, indices] = [samples.any(shape, dtype), samples.integers(indicesShape, 'int32', 0, shape[axis])];
      const x = samples.any(shape.toSpliced(axis, 1, ...indicesShape), dtype);
      const out = subject.put(before);
      subject.backend.scatterAdd(subject.put(x), subject.put(indices), axis, out);
      expectClose(subject.get(out), oracle.scatterAdd(x, indices, axis, before), TOLERANCE, 10);
    });
  });
});
