import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { broadcastShapes, type Shape } from '../../ndarray/shape.js';
import { type FunctionOperand, inputsOf } from '../arguments/operands.js';
import { broadcastTo } from './broadcast-to.js';

/**
 * All arguments, broadcast to their common shape. Follows chainer.functions.broadcast.
 *
 * @throws ShapeError if they do not broadcast.
 */
export function broadcast(...args: FunctionOperand[]): Variable[] {
  const arrays = inputsOf('broadcast', 'args', args);
  if (arrays.length === 0) throw new ValueError('broadcast: no arguments');
  const shape = arrays.reduce<Shape>((common, x) => broadcastShapes('broadcast', common, x.shape), []);
  return arrays.map((x) => broadcastTo(x, shape));
}
