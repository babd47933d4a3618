import { FunctionNode } from '../../core/function-node.js';
import { asVariable, type Variable, type VariableLike } from '../../core/variable.js';
import type { NDArray } from '../../ndarray/np.js';
import { type Shape, sameShape } from '../../ndarray/shape.js';

class Reshape extends FunctionNode {
  readonly #shape: Shape;
  #from: Shape = [];

  constructor(shape: Shape) {
    super();
    this.#shape = shape;
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.#from = x.shape;
    return [x.reshape(this.#shape)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [reshape(gy, this.#from)];
  }
}

/**
 * The same elements in another shape; one extent may be -1. Follows chainer.functions.reshape.
 *
 * @throws ShapeError if the number of elements differs.
 */
export function reshape(x: VariableLike, shape: Shape): Variable {
  return sameShape(x.shape, shape) ? asVariable(x) : new Reshape(shape).apply([x])[0];
}
