import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import type { NDArray } from '../../ndarray/np.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { matmul } from './matmul.js';
import { inverse } from './matrix-factors.js';
import { neg } from './negative.js';
import { checkSquare, mapMatrices } from './square-matrices.js';

class Inv extends FunctionNode {
  constructor(
    private readonly op: string,
    private readonly ndim: 2 | 3,
  ) {
    super();
  }

  override forward([a]: readonly NDArray[]): NDArray[] {
    checkSquare(this.op, a, this.ndim);
    this.retainOutputs(0);
    return [mapMatrices(this.op, a, inverse, 'singular')];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [y] = this.getRetainedOutputs();
    // From d(A⁻¹) = −A⁻¹·dA·A⁻¹.
    return [matmul(matmul(neg(y), gy, true, false), y, false, true)];
  }
}

/**
 * The inverse of a square matrix (n, n), by LU factorisation on the host. Follows
 * chainer.functions.inv.
 *
 * @throws ValueError if the matrix is singular, ShapeError unless it is (n, n), DTypeError unless a is floating.
 */
export function inv(a: FunctionOperand): Variable {
  a = input('inv', 'a', a);
  return new Inv('inv', 2).apply([a])[0];
}

/**
 * The inverses of a batch of square matrices (m, n, n), by LU factorisation on the host. Follows
 * chainer.functions.batch_inv.
 *
 * @throws ValueError if a matrix is singular, ShapeError unless they are (m, n, n), DTypeError unless a is floating.
 */
export function batchInv(a: FunctionOperand): Variable {
  a = input('batchInv', 'a', a);
  return new Inv('batchInv', 3).apply([a])[0];
}
