import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { checkedSize, checkList, formatShape, normalizeAxis } from '../../ndarray/shape.js';
import { checkPlaces } from '../arguments/listed-sizes.js';
import { arrayOf, type FunctionOperand, input } from '../arguments/operands.js';
import { broadcastTo } from '../nodes/broadcasting.js';
import { takeAlong } from '../nodes/take-along.js';
import { flatten } from './flatten.js';
import { reshape } from './reshape.js';

/**
 * Each element of an axis repeated: `repeats` times, or as often as its entry of `repeats` says. Without an axis, x is flattened.
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
  const { shape } = source;
  const [before, after] = [shape.slice(0, k), shape.slice(k + 1)];
  if (counts.length === 1) {
    const [times] = counts;
    const result = [...before, length * times, ...after];
    checkedSize('repeat', result);
    const apart = reshape(source, [...before, length, 1, ...after]);
    return reshape(broadcastTo(apart, [...before, length, times, ...after]), result);
  }
  checkPlaces('repeat', arrayOf(x), [...before, counts.reduce((sum, n) => sum + n, 0), ...after]);
  const places = counts.flatMap((n, i) => new Array<number>(n).fill(i));
  return takeAlong(source, places, k);
}
