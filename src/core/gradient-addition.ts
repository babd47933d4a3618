/** The sum of two gradients, differentiable: all the engine itself computes. */
import { binary, type NDArray } from '../ndarray/np.js';
import { FunctionNode } from './function-node.js';
import type { Variable } from './variable.js';

class AddGradients extends FunctionNode {
  override forward([a, b]: readonly NDArray[]): NDArray[] {
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
