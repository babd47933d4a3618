import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape, normalizeAxis } from '../../ndarray/shape.js';
import { checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { max } from '../math/minmax.js';

/**
 * The maximum of each `poolSize` neighbours along an axis: that axis, of length M·poolSize, becomes M. Follows
 * chainer.functions.maxout. Goodfellow et al., https://arxiv.org/abs/1302.4389.
 *
 * @param axis default 1
 * @throws ValueError unless poolSize is a positive integer, ShapeError if it does not divide the axis.
 */
export function maxout(x: FunctionOperand, poolSize: number, axis = 1): Variable {
  x = input('maxout', 'x', x);
  checkScalars('maxout', { poolSize });
  if (!Number.isInteger(poolSize) || poolSize < 1) {
    throw new ValueError(`maxout: poolSize is ${poolSize}, expected a positive integer`);
  }
  const k = normalizeAxis('maxout', axis, x.shape.length);
  if (x.shape[k] % poolSize !== 0) {
    throw new ShapeError(`maxout: ${poolSize} does not divide axis ${axis} of x ${formatShape(x.shape)}`);
  }
  const split = [...x.shape.slice(0, k), x.shape[k] / poolSize, poolSize, ...x.shape.slice(k + 1)];
  return max(reshape(x, split), k + 1);
}
