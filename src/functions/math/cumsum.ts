import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { cumsum as cumsumOfArray, type NDArray } from '../../ndarray/np.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { flip } from '../array/flip.js';
import { reshape } from '../array/reshape.js';

class Cumsum extends FunctionNode {
  constructor(private readonly axis: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('cumsum', x);
    return [cumsumOfArray(x, this.axis)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    // Each element is in its own sum and in all later ones, so the gradient sums from the end.
    return [flip(cumsum(flip(gy, this.axis), this.axis), this.axis)];
  }
}

/**
 * Running sums along an axis, or of the flattened array; follows chainer.functions.cumsum.
 *
 * @throws DTypeError unless x is floating, ShapeError if the axis is out of range.
 */
export function cumsum(x: FunctionOperand, axis: number | null = null): Variable {
  x = input('cumsum', 'x', x);
  return axis === null ? cumsum(reshape(x, [-1]), 0) : new Cumsum(axis).apply([x])[0];
}
