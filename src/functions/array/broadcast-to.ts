import { FunctionNode } from '../../core/function-node.js';
import { asVariable, type Variable } from '../../core/variable.js';
import { broadcastTo as broadcastArrayTo, type NDArray } from '../../ndarray/np.js';
import { checkList, type Shape, sameShape } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { sumTo } from '../math/sum-to.js';

class BroadcastTo extends FunctionNode {
  #from: Shape = [];

  constructor(private readonly shape: Shape) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.#from = x.shape;
    return [broadcastArrayTo(x, this.shape)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [sumTo(gy, this.#from)];
  }
}

/**
 * x repeated along axes of length 1, and along new leading axes, until it has `shape`; follows
 * chainer.functions.broadcast_to.
 *
 * @throws ShapeError if x does not broadcast to `shape`.
 */
export function broadcastTo(x: FunctionOperand, shape: Shape): Variable {
  x = input('broadcastTo', 'x', x);
  checkList('broadcastTo', 'shape', shape);
  return sameShape(x.shape, shape) ? asVariable(x) : new BroadcastTo(shape).apply([x])[0];
}
