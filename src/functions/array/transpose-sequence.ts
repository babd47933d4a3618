import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape, sameShape } from '../../ndarray/shape.js';
import { type FunctionOperand, inputsOf } from '../arguments/operands.js';
import { takeAlong } from '../nodes/take-along.js';
import { concat } from './concat.js';
import { splitAxis } from './split-axis.js';

/**
 * Sequences in descending order of length, transposed: the first elements of all, the second ones of all that have one,
 * and so on. [(a, b, c), (d, e), (f)] → [(a, d, f), (b, e), (c)]. Follows chainer.functions.transpose_sequence.
 *
 * @throws ShapeError if lengths ascend or elements differ in shape, DTypeError if dtypes differ.
 */
export function transposeSequence(xs: readonly FunctionOperand[]): Variable[] {
  const arrays = inputsOf('transposeSequence', 'xs', xs);
  arrays.forEach(({ shape }, i) => {
    const before = arrays[Math.max(0, i - 1)].shape;
    if (shape.length === 0 || shape[0] > before[0] || !sameShape(shape.slice(1), before.slice(1))) {
      throw new ShapeError(
        `transposeSequence: ${formatShape(shape)} cannot follow ${formatShape(before)}: lengths must not increase, and other axes must agree`,
      );
    }
  });
  const longest = arrays.length === 0 ? 0 : arrays[0].shape[0];
  if (longest === 0) return [];
  const starts = arrays.map((_, i) => arrays.slice(0, i).reduce((sum, x) => sum + x.shape[0], 0));
  const steps = Array.from({ length: longest }, (_, t) =>
    arrays.flatMap((x, i) => (x.shape[0] > t ? [starts[i] + t] : [])),
  );
  const ends = steps.map((_, t) => steps.slice(0, t + 1).reduce((sum, step) => sum + step.length, 0));
  return splitAxis(takeAlong(concat(arrays, 0), steps.flat(), 0), ends.slice(0, -1), 0);
}
