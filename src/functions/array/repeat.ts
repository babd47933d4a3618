import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { checkList, formatShape, normalizeAxis } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../operands.js';
import { takeAlong } from '../take-along.js';
import { flatten } from './flatten.js';

/**
 * Each place of an axis repeated: `repeats` times, or one number for each place. Without an axis x counts as flat.
 * Follows chainer.functions.repeat.
 *
 * @throws ValueError for repeats that are not non-negative integers, ShapeError if they do not fit the axis.
 */
export function repeat(x: FunctionOperand, repeats: number | readonly number[], axis: number | null = null): Variable {
  x = input('repeat', 'x', x);
  const source = axis === null ? flatten(x) : x;
  const k = axis === null ? 0 : normalizeAxis('repeat', axis, x.shape.length);
  const counts = typeof repeats === 'number' ? [repeats] : repeats;
  checkList('repeat', 'repeats', counts);
  if (counts.some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ValueError(`repeat: repeats are ${formatShape(counts)}, expected non-negative integers`);
  }
  const length = source.shape[k];
  if (counts.length !== 1 && counts.length !== length) {
    throw new ShapeError(
      `repeat: ${counts.length} repeats for ${length} places along axis ${axis} of ${formatShape(x.shape)}`,
    );
  }
  const places = Array.from({ length }, (_, i) =>
    new Array<number>(counts[counts.length === 1 ? 0 : i]).fill(i),
  ).flat();
  return takeAlong(source, places, k);
}
