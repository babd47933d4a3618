/**
 * The gradient of piecewise linear functions: a condition, computed in forward, says on which of two pieces an element lies, and the
 * gradient is multiplied by the slope of that piece.
 */
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { multiply, type NDArray, type Operand, where } from '../../ndarray/np.js';

class PassWhere extends FunctionNode<readonly NDArray[], [condition: NDArray, slope: Operand]> {
  constructor(condition: NDArray, slope: Operand) {
    super();
    this.save(condition, slope);
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    const [condition, slope] = this.saved;
    // With slope 0, zeros are chosen: a product 0·∞ would be NaN.
    return [where(condition, x, slope === 0 ? 0 : multiply(x, slope))];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [condition, slope] = this.saved;
    return [passWhere(condition, gy, slope)];
  }
}

/** x where the condition (bool, x's shape) holds, slope·x elsewhere; differentiable in x alone. Slope 0 by default. */
export function passWhere(condition: NDArray, x: VariableLike, slope: Operand = 0): Variable {
  return new PassWhere(condition, slope).apply([x])[0];
}
