import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { toHostArray } from '../../ndarray/dtype.js';
import { fromHost } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import { arrayOf, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { transpose } from '../array/transpose.js';
import { batchInv } from './inv.js';
import { determinant } from './matrix-factors.js';
import { mul } from './multiply.js';
import { checkSquare } from './square-matrices.js';

class BatchDet extends FunctionNode {
  override forward([a]: readonly NDArray[]): NDArray[] {
    checkSquare('batchDet', a, 3);
    this.retainInputs(0);
    this.retainOutputs(0);
    const [m, n] = a.shape;
    const data = a.dataSync();
    const dets = Array.from({ length: m }, (_, i) => determinant(data.subarray(i * n * n, (i + 1) * n * n), n));
    return [fromHost(toHostArray(dets, a.dtype), [m], a.dtype, a.device)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [a] = this.getRetainedInputs();
    const [y] = this.getRetainedOutputs();
    // Jacobi's formula: d det(A) = det(A)·tr(A⁻¹·dA).
    return [mul(reshape(mul(gy, y), [-1, 1, 1]), transpose(batchInv(a), [0, 2, 1]))];
  }
}

/**
 * The determinants (m,) of a batch of square matrices (m, n, n), by LU factorisation on the host.
 * Follows chainer.functions.batch_det. At a singular matrix backward throws a ValueError, as in Chainer.
 *
 * @throws ShapeError unless the matrices are (m, n, n), DTypeError unless a is floating.
 */
export function batchDet(a: FunctionOperand): Variable {
  a = input('batchDet', 'a', a);
  return new BatchDet().apply([a])[0];
}

/**
 * The determinant of a square matrix (n, n), by LU factorisation on the host; see {@link batchDet}.
 * Follows chainer.functions.det.
 *
 * @throws ShapeError unless the matrix is (n, n), DTypeError unless a is floating.
 */
export function det(a: FunctionOperand): Variable {
  a = input('det', 'a', a);
  checkSquare('det', arrayOf(a), 2);
  return reshape(batchDet(reshape(a, [1, ...a.shape])), []);
}
