import type { Variable } from '../../core/variable.js';
import { movedAxes } from '../../ndarray/manipulation.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { transpose } from './transpose.js';

/**
 * Axes `source` moved to the positions `destination`; the other axes keep their order. Follows chainer.functions.moveaxis.
 *
 * @throws ShapeError if an axis is out of range or named twice, or the two lists differ in length.
 */
export function moveaxis(
  x: FunctionOperand,
  source: number | readonly number[],
  destination: number | readonly number[],
): Variable {
  x = input('moveaxis', 'x', x);
  return transpose(x, movedAxes('moveaxis', x.shape.length, source, destination));
}
