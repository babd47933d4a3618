import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { matmul } from './matmul.js';

/**
 * The matrix products of two batches: a (B, M, K), b (B, K, N) → (B, M, N). Two-dimensional operands are batches of
 * columns, (B, K) → (B, K, 1). Follows chainer.functions.batch_matmul; {@link matmul} does the same and more.
 *
 * @throws ShapeError if an operand is neither 2- nor 3-dimensional or sizes do not fit, DTypeError if dtypes differ or
 *   are not floating.
 */
export function batchMatmul(a: FunctionOperand, b: FunctionOperand, transA = false, transB = false): Variable {
  a = input('batchMatmul', 'a', a, b);
  b = input('batchMatmul', 'b', b, a);
  return matmul(asBatch('a', a), asBatch('b', b), transA, transB);
}

function asBatch(name: string, x: VariableLike): VariableLike {
  if (x.shape.length === 3) return x;
  if (x.shape.length !== 2) {
    throw new ShapeError(`batchMatmul: ${name} ${formatShape(x.shape)} is neither 2- nor 3-dimensional`);
  }
  return reshape(x, [...x.shape, 1]);
}
