import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { broadcastsTo, checkList, formatShape, type Shape } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { sumTo as sumBack } from '../nodes/broadcasting.js';

/**
 * x summed over axes until it has `shape`, which broadcasts to the shape of x: the adjoint of broadcastTo. Follows
 * chainer.functions.sum_to.
 *
 * @throws ShapeError if `shape` does not broadcast to x's.
 */
export function sumTo(x: FunctionOperand, shape: Shape): Variable {
  x = input('sumTo', 'x', x);
  checkList('sumTo', 'shape', shape);
  if (!broadcastsTo(shape, x.shape))
    throw new ShapeError(`sumTo: ${formatShape(shape)} does not broadcast to ${formatShape(x.shape)}`);
  return sumBack(x, shape);
}
