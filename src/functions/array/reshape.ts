import { FunctionNode } from '../../core/function-node.js';
import { asVariable, type Variable } from '../../core/variable.js';
import type { NDArray } from '../../ndarray/np.js';
import { checkList, type Shape, sameShape } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';

class Reshape extends FunctionNode {
  #from: Shape = [];

  constructor(private readonly shape: Shape) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.#from = x.shape;
    return [x.reshape(this.shape)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [reshape(gy, this.#from)];
  }
}

/**
 * The same elements in another shape; one extent may be -1. Follows chainer.functions.reshape.
 *
 * @example
 * F.reshape(np.array([1, 2, 3, 4]), [2, -1]).tolist(); // [[1, 2], [3, 4]]
 *
 * @throws ShapeError if the number of elements differs.
 */
export function reshape(x: FunctionOperand, shape: Shape): Variable {
  x = input('reshape', 'x', x);
  checkList('reshape', 'shape', shape);
  return sameShape(x.shape, shape) ? asVariable(x) : new Reshape(shape).apply([x])[0];
}
