import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { matmul as matmulArrays, type NDArray } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { sumTo } from '../nodes/broadcasting.js';

class MatMul extends FunctionNode {
  constructor(
    private readonly transA: boolean,
    private readonly transB: boolean,
  ) {
    super();
  }

  override forward([a, b]: readonly NDArray[]): NDArray[] {
    this.save();
    checkFloating('matmul', a, b);
    this.retainInputs(0, 1);
    return [matmulArrays(a, b, { transA: this.transA, transB: this.transB })];
  }

  override macs([a]: readonly NDArray[], y: NDArray): number {
    return y.size * a.shape[a.ndim - (this.transA ? 2 : 1)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [a, b] = this.getRetainedInputs();
    const [ta, tb] = [this.transA, this.transB];
    // With A = op(a), B = op(b): gA = g·Bᵀ, gB = Aᵀ·g; the gradient of a transposed operand is transposed.
    return targets.map((i) => {
      if (i === 0) return sumTo(ta ? matmul(b, gy, tb, true) : matmul(gy, b, false, !tb), a.shape);
      return sumTo(tb ? matmul(gy, a, true, ta) : matmul(a, gy, !ta, false), b.shape);
    });
  }
}

/**
 * The matrix product over the last two axes; the axes before them broadcast. `transA` and `transB` transpose the last two axes of an
 * operand. A vector counts as a row on the left and as a column on the right. Follows chainer.functions.matmul.
 *
 * @example
 * F.matmul(np.array([[1, 2]]), np.array([[3], [4]])).tolist(); // [[11]]
 *
 * @throws ShapeError if the inner sizes differ, DTypeError if dtypes differ or are not floating.
 */
export function matmul(a: FunctionOperand, b: FunctionOperand, transA = false, transB = false): Variable {
  a = input('matmul', 'a', a, b);
  b = input('matmul', 'b', b, a);
  const aVector = a.shape.length === 1;
  const bVector = b.shape.length === 1;
  if (!aVector && !bVector) return new MatMul(Boolean(transA), Boolean(transB)).apply([a, b])[0];
  // A vector has no transpose: it becomes a row on the left or a column on the right, and that axis leaves the result.
  const y = new MatMul(!aVector && Boolean(transA), !bVector && Boolean(transB)).apply([
    aVector ? reshape(a, [1, -1]) : a,
    bVector ? reshape(b, [-1, 1]) : b,
  ])[0];
  const shape: Shape = y.shape.filter((_, k) => !(aVector && k === y.ndim - 2) && !(bVector && k === y.ndim - 1));
  return reshape(y, shape);
}
