import type { Variable } from '../../core/variable.js';
import { normalizeAxis } from '../../ndarray/shape.js';
import { checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { transpose } from './transpose.js';

/**
 * An axis moved to just before the axis `start`; `start` may be the number of axes, for the end. It exists for Chainer's
 * sake: prefer moveaxis. Follows chainer.functions.rollaxis.
 *
 * @throws ShapeError if `axis` or `start` is out of range.
 */
export function rollaxis(x: FunctionOperand, axis: number, start = 0): Variable {
  x = input('rollaxis', 'x', x);
  checkScalars('rollaxis', { start });
  const ndim = x.shape.length;
  const moved = normalizeAxis('rollaxis', axis, ndim);
  const before = start === ndim ? ndim : normalizeAxis('rollaxis', start, ndim);
  const order = x.shape.map((_, k) => k).filter((k) => k !== moved);
  order.splice(moved < before ? before - 1 : before, 0, moved);
  return transpose(x, order);
}
