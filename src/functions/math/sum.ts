import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { type Axis, type NDArray, sum as sumArray } from '../../ndarray/np.js';
import { normalizeAxes, reducedShape, type Shape } from '../../ndarray/shape.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { broadcastTo } from '../nodes/broadcasting.js';

class Sum extends FunctionNode {
  #from: Shape = [];

  constructor(
    private readonly axis: Axis,
    private readonly keepdims: boolean,
  ) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('sum', x);
    this.#from = x.shape;
    return [sumArray(x, this.axis, this.keepdims)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const axes = normalizeAxes('sum', this.axis, this.#from.length);
    return [broadcastTo(reshape(gy, reducedShape(this.#from, axes, true)), this.#from)];
  }
}

/**
 * The sum over axes (all by default); follows chainer.functions.sum.
 *
 * @example
 * F.sum(np.array([[1, 2], [3, 4]]), 1).tolist(); // [3, 7]
 *
 * @throws DTypeError unless x is floating, ShapeError if an axis is out of range.
 */
export function sum(x: FunctionOperand, axis: Axis = null, keepdims = false): Variable {
  x = input('sum', 'x', x);
  return new Sum(axis, keepdims).apply([x])[0];
}
