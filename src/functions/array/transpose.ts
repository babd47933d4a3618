import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { type NDArray, transpose as transposeArray } from '../../ndarray/np.js';
import { type FunctionOperand, input } from '../arguments/operands.js';

class Transpose extends FunctionNode {
  constructor(private readonly axes: readonly number[] | null) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    return [transposeArray(x, this.axes)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const axes = this.axes?.map((k) => (k < 0 ? k + gy.ndim : k));
    return [transpose(gy, axes ? axes.map((_, k) => axes.indexOf(k)) : null)];
  }
}

/**
 * The axes permuted, reversed by default; follows chainer.functions.transpose.
 *
 * @example
 * F.transpose(np.array([[1, 2, 3]])).tolist(); // [[1], [2], [3]]
 *
 * @throws ShapeError if `axes` is not a permutation of x's axes.
 */
export function transpose(x: FunctionOperand, axes: readonly number[] | null = null): Variable {
  x = input('transpose', 'x', x);
  return new Transpose(axes).apply([x])[0];
}
