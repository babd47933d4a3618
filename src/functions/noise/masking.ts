/** Multiplication by a constant array. Backward keeps the constant, not the other factor. */
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { multiply, type NDArray } from '../../ndarray/np.js';

class Masked extends FunctionNode<readonly NDArray[], [mask: NDArray]> {
  constructor(mask: NDArray) {
    super();
    this.save(mask);
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    return [multiply(x, ...this.saved)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [masked(gy, ...this.saved)];
  }
}

/** x·mask, of one shape and dtype. */
export function masked(x: VariableLike, mask: NDArray): Variable {
  return new Masked(mask).apply([x])[0];
}
