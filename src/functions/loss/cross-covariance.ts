import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { mean } from '../math/average.js';
import { div } from '../math/divide.js';
import { matmul } from '../math/matmul.js';
import { mul } from '../math/multiply.js';
import { square } from '../math/square.js';
import { sub } from '../math/subtract.js';
import { sum } from '../math/sum.js';
import { checkReduce } from './reduction.js';

/** Options of {@link crossCovariance} and of decov. */
export interface CovarianceOptions {
  /** `half_squared_sum` gives ½·Σ C², `no` the matrix C. Default `half_squared_sum`. */
  reduce?: 'half_squared_sum' | 'no';
}

/** The matrix of covariances over the batch: element (i, j) is that of column i of y and column j of z. */
export function covarianceOf(y: VariableLike, z: VariableLike): Variable {
  const centred = (x: VariableLike) => sub(x, mean(x, 0, true));
  return div(matmul(centred(y), centred(z), true), y.shape[0]);
}

/** The matrix itself, or half the sum of its squares. */
export function reduceCovariance(covariance: Variable, reduce: 'half_squared_sum' | 'no'): Variable {
  return reduce === 'no' ? covariance : mul(sum(square(covariance)), 0.5);
}

/**
 * The covariances C between the columns of y (N, I) and z (N, J) over the batch, as ½·Σ C² or the matrix (I, J): small
 * where y and z are uncorrelated (arXiv:1412.6583). Follows chainer.functions.cross_covariance.
 *
 * @throws ShapeError if shapes do not fit, DTypeError if dtypes differ or are not floating, ValueError for an unknown
 *   `reduce`.
 */
export function crossCovariance(y: FunctionOperand, z: FunctionOperand, options: CovarianceOptions = {}): Variable {
  y = input('crossCovariance', 'y', y, z);
  z = input('crossCovariance', 'z', z, y);
  checkOptions('crossCovariance', options, { reduce: 1 });
  const { reduce = 'half_squared_sum' } = options;
  const op = 'crossCovariance';
  checkReduce(op, reduce, ['half_squared_sum', 'no']);
  checkFloating(op, arrayOf(y), arrayOf(z));
  checkNdim(op, 'y', y, 'N, I');
  checkNdim(op, 'z', z, 'N, J');
  if (y.shape[0] !== z.shape[0]) {
    throw new ShapeError(`${op}: batches of y ${formatShape(y.shape)} and z ${formatShape(z.shape)} differ`);
  }
  return reduceCovariance(covarianceOf(y, z), reduce);
}
