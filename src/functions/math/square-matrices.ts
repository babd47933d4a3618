/** Functions of square matrices: the checks of their input, and its way to the host and back. */
import { ShapeError, ValueError } from '../../errors.js';
import { toHostArray } from '../../ndarray/dtype.js';
import { fromHost } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import { formatShape } from '../../ndarray/shape.js';
import { checkFloating } from '../arguments/operands.js';

/** Refuses arrays that are not floating (n, n) or, for `ndim` 3, (m, n, n). */
export function checkSquare(op: string, x: NDArray, ndim: 2 | 3): void {
  checkFloating(op, x);
  const [rows, columns] = x.shape.slice(-2);
  if (x.ndim !== ndim || rows !== columns) {
    throw new ShapeError(`${op}: a is ${formatShape(x.shape)}, expected ${ndim === 2 ? '(n,n)' : '(m,n,n)'}`);
  }
}

/**
 * A function of each matrix, computed on the host. The data move to the host once and back once.
 *
 * @throws ValueError for a matrix that `compute` returns null for: the matrix is `refusal`, such as "singular".
 */
export function mapMatrices(
  op: string,
  x: NDArray,
  compute: (matrix: ArrayLike<number>, n: number) => Float64Array | null,
  refusal: string,
): NDArray {
  const n = x.shape[x.ndim - 1];
  const data = x.dataSync();
  const out = new Float64Array(data.length);
  for (let at = 0; at < data.length; at += n * n) {
    const result = compute(data.subarray(at, at + n * n), n);
    if (result === null) {
      throw new ValueError(`${op}: ${x.ndim === 2 ? 'the matrix' : `matrix ${at / (n * n)}`} is ${refusal}`);
    }
    out.set(result, at);
  }
  return fromHost(toHostArray(out, x.dtype), x.shape, x.dtype, x.device);
}
