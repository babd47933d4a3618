/** The sum of two gradients of one variable, differentiable: the only operation that the engine of backward computes itself. */
import { binary, type NDArray } from '../ndarray/np.js';
import { FunctionNode } from './function-node.js';
import type { Variable } from './variable.js';

class AddGradients extends FunctionNode<[a: NDArray, b: NDArray]> {
  override forward([a, b]: [NDArray, NDArray]): NDArray[] {
    return [binary('add', a, b)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return targets.map(() => gy);
  }
}

/** a + b, of one shape. */
export function addGradients(a: Variable, b: Variable): Variable {
  return new AddGradients().apply([a, b])[0];
}
