import { FunctionNode } from '../../core/function-node.js';
import { asVariable, type Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { type NDArray, sumTo as sumArrayTo } from '../../ndarray/np.js';
import { broadcastsTo, checkList, formatShape, type Shape, sameShape } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { broadcastTo } from '../array/broadcast-to.js';

class SumTo extends FunctionNode {
  #from: Shape = [];

  constructor(private readonly shape: Shape) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    if (!broadcastsTo(this.shape, x.shape)) {
      throw new ShapeError(`sumTo: ${formatShape(this.shape)} does not broadcast to ${formatShape(x.shape)}`);
    }
    this.#from = x.shape;
    return [sumArrayTo(x, this.shape)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [broadcastTo(gy, this.#from)];
  }
}

/**
 * Sums over axes so that the result has `shape`, which broadcasts to x's: the adjoint of broadcastTo. Follows
 * chainer.functions.sum_to.
 *
 * @throws ShapeError if `shape` does not broadcast to x's.
 */
export function sumTo(x: FunctionOperand, shape: Shape): Variable {
  x = input('sumTo', 'x', x);
  checkList('sumTo', 'shape', shape);
  return sameShape(x.shape, shape) ? asVariable(x) : new SumTo(shape).apply([x])[0];
}
