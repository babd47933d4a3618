import type { Variable } from '../../core/variable.js';
import { checkList, type Shape } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { broadcastTo as broadcast } from '../nodes/broadcasting.js';

/**
 * x repeated along axes of length 1, and along new leading axes, until it has `shape`; follows
 * chainer.functions.broadcast_to.
 *
 * @throws ShapeError if x does not broadcast to `shape`.
 */
export function broadcastTo(x: FunctionOperand, shape: Shape): Variable {
  x = input('broadcastTo', 'x', x);
  checkList('broadcastTo', 'shape', shape);
  return broadcast(x, shape);
}
