import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { arange, astype, binary, multiply, type NDArray } from '../../ndarray/np.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { transpose } from '../array/transpose.js';
import { add } from './add.js';
import { inv } from './inv.js';
import { matmul } from './matmul.js';
import { choleskyFactor } from './matrix-factors.js';
import { mul } from './multiply.js';
import { checkSquare, mapMatrices } from './square-matrices.js';

class Cholesky extends FunctionNode {
  override forward([a]: readonly NDArray[]): NDArray[] {
    checkSquare('cholesky', a, 2);
    this.retainOutputs(0);
    return [mapMatrices('cholesky', a, choleskyFactor, 'not positive definite')];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [y] = this.getRetainedOutputs();
    const yInv = inv(y);
    // Murray, https://arxiv.org/abs/1602.07527: Φ takes the lower triangle, halving the diagonal.
    const phi = mul(matmul(y, gy, true, false), halvedTriangle(y.array));
    const s = matmul(matmul(yInv, phi, true, false), yInv);
    return [mul(add(s, transpose(s)), 0.5)];
  }
}

/** 1 below the diagonal, ½ on it, 0 above, of y's shape, dtype and device. */
function halvedTriangle(y: NDArray): NDArray {
  const [n] = y.shape;
  const columns = arange(0, n, 1, { device: y.device.name });
  const rows = columns.reshape([n, 1]);
  const sum = binary(
    'add',
    astype(binary('greater', rows, columns), y.dtype),
    astype(binary('greaterEqual', rows, columns), y.dtype),
  );
  return multiply(sum, 0.5);
}

/**
 * The lower triangular L with L·Lᵀ = a, for a symmetric positive definite matrix (n, n). It reads only the lower triangle, and computes
 * on the host. Follows chainer.functions.cholesky.
 *
 * @throws ValueError if the matrix is not positive definite, ShapeError unless it is (n, n), DTypeError unless a is floating.
 */
export function cholesky(a: FunctionOperand): Variable {
  a = input('cholesky', 'a', a);
  return new Cholesky().apply([a])[0];
}
