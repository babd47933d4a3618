import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape, sameShape } from '../../ndarray/shape.js';
import { checkScalars, type FunctionOperand, inputsOf } from '../arguments/operands.js';
import { pad } from './pad.js';
import { stack } from './stack.js';

/**
 * Sequences (n, …) of different lengths as one array (number of sequences, length, …). Missing elements are `padding`. The default
 * `length` is that of the longest sequence. Follows chainer.functions.pad_sequence.
 *
 * @throws ShapeError if elements differ in shape or a sequence is longer than `length`, DTypeError if dtypes differ,
 *   ValueError if there are no sequences.
 */
export function padSequence(xs: readonly FunctionOperand[], length: number | null = null, padding = 0): Variable {
  const arrays = inputsOf('padSequence', 'xs', xs);
  checkScalars('padSequence', length === null ? { padding } : { padding, length });
  if (arrays.length === 0) throw new ValueError('padSequence: no sequences');
  const [{ shape: first }] = arrays;
  for (const { shape } of arrays) {
    if (shape.length === 0 || !sameShape(shape.slice(1), first.slice(1))) {
      throw new ShapeError(
        `padSequence: ${formatShape(first)} and ${formatShape(shape)} differ beyond their first axis`,
      );
    }
  }
  const target = length ?? Math.max(...arrays.map((x) => x.shape[0]));
  const rest = first.slice(1).map(() => [0, 0]);
  return stack(
    arrays.map((x) => {
      const missing = target - x.shape[0];
      if (missing < 0) throw new ShapeError(`padSequence: ${formatShape(x.shape)} is longer than ${target}`);
      return missing === 0 ? x : pad(x, [[0, missing], ...rest], 'constant', { constantValues: padding });
    }),
  );
}
