import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { checkList, formatShape, type Shape } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { broadcastTo } from '../nodes/broadcasting.js';
import { reshape } from './reshape.js';

/**
 * x repeated `reps[k]` times along axis k; a single number is for the last axis. If x and `reps` differ in length, the shorter gets ones
 * in front. Follows chainer.functions.tile.
 *
 * @throws ValueError for repetitions that are not non-negative integers.
 */
export function tile(x: FunctionOperand, reps: number | readonly number[]): Variable {
  x = input('tile', 'x', x);
  const given = typeof reps === 'number' ? [reps] : reps;
  checkList('tile', 'reps', given);
  if (given.some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ValueError(`tile: reps are ${formatShape(given)}, expected non-negative integers`);
  }
  const ndim = Math.max(x.shape.length, given.length);
  const lead = (list: readonly number[]) => [...new Array<number>(ndim - list.length).fill(1), ...list];
  const [shape, times] = [lead(x.shape), lead(given)];
  const pairs = (first: Shape, second: Shape) => shape.flatMap((_, k) => [first[k], second[k]]);
  const ones = new Array<number>(ndim).fill(1);
  const tiles = broadcastTo(reshape(x, pairs(ones, shape)), pairs(times, shape));
  return reshape(
    tiles,
    shape.map((n, k) => n * times[k]),
  );
}
