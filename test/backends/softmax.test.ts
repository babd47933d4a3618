/** Softmax and its logarithm. */
import { describe, test } from 'vitest';
import { describeBackends } from '../support/backends.js';
import { expectClose, type Tolerance } from '../support/closeness.js';
import { type HostArray, hostArray } from '../support/host-array.js';
import { softmax } from '../support/oracle/reductions.js';
import { Samples } from '../support/samples.js';

/** Relative to max(|expected|, 0.001), so that small probabilities are probabilities too. */
const TOLERANCE: Tolerance = { float32: 1e-5, float64: 1e-12 };
const FLOOR = 0.001;

const { NEGATIVE_INFINITY: MASKED } = Number;

describeBackends('softmax', (subject) => {
  describe.each([false, true])('log: %s', (log) => {
    function expectSoftmax(x: HostArray, axis: number) {
      const want = softmax(x, axis, log);
      const got = subject.result(want, (out) => subject.backend.softmax(subject.put(x), axis, log, out));
      expectClose(got, want, TOLERANCE, log ? 1 : FLOOR);
    }

    test.each([
      [[1], 0],
      [[6], 0],
      [[4, 10], 1],
      [[7, 3], 0],
      [[2, 5, 3], 1],
      [[2, 5, 3, 4], 1],
      [[3, 1, 2], 1],
      [[2, 300], 1],
      [[0, 4], 1],
      [[3, 0], 0],
    ])('%j along %i', (shape, axis) => {
      for (const dtype of subject.floats) expectSoftmax(new Samples().uniform(shape, dtype, -6, 6), axis);
    });

    test.each(subject.floats)('neither overflows nor underflows: %s', (dtype) => {
      expectSoftmax(hostArray([1000, 1001, 998, -1000, -1001, -999, 0, 100, 90], [3, 3], dtype), 1);
    });

    test.each(subject.floats)('masked entries have no share: %s', (dtype) => {
      expectSoftmax(hostArray([0.5, MASKED, 1.5, MASKED, MASKED, 2], [2, 3], dtype), 1);
    });
  });
});
