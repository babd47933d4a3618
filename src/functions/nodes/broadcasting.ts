/** Broadcasting to a shape, and summing back to one, as differentiable functions. Each is the gradient of the other. */
import { FunctionNode } from '../../core/function-node.js';
import { asVariable, type Variable, type VariableLike } from '../../core/variable.js';
import { broadcastTo as broadcastArrayTo, type NDArray, sumTo as sumArrayTo } from '../../ndarray/np.js';
import { type Shape, sameShape } from '../../ndarray/shape.js';

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

class SumTo extends FunctionNode {
  #from: Shape = [];

  constructor(private readonly shape: Shape) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.#from = x.shape;
    return [sumArrayTo(x, this.shape)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [broadcastTo(gy, this.#from)];
  }
}

/** x repeated until it has `shape`, to which it broadcasts; x itself if it has that shape. */
export function broadcastTo(x: VariableLike, shape: Shape): Variable {
  return sameShape(x.shape, shape) ? asVariable(x) : new BroadcastTo(shape).apply([x])[0];
}

/** x summed until it has `shape`, which broadcasts to x's; x itself if it has that shape. */
export function sumTo(x: VariableLike, shape: Shape): Variable {
  return sameShape(x.shape, shape) ? asVariable(x) : new SumTo(shape).apply([x])[0];
}
