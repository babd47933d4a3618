import { composed } from '../../core/composed.js';
import { asVariable, type Variable } from '../../core/variable.js';
import { eye, subtract } from '../../ndarray/np.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { mul } from '../math/multiply.js';
import { type CovarianceOptions, covarianceOf, reduceCovariance } from './cross-covariance.js';
import { checkReduce } from './reduction.js';

/**
 * The covariances between different columns of h (N, K) over the batch, as ½·Σ C² or the matrix (K, K) with a zero
 * diagonal: small where features are uncorrelated (arXiv:1511.06068). Follows chainer.functions.decov.
 *
 * @throws ShapeError unless h is a matrix, DTypeError unless h is floating, ValueError for an unknown `reduce`.
 */
export function decov(h: FunctionOperand, options: CovarianceOptions = {}): Variable {
  h = input('decov', 'h', h);
  checkOptions('decov', options, { reduce: 1 });
  return composed(() => {
    const { reduce = 'half_squared_sum' } = options;
    checkReduce('decov', reduce, ['half_squared_sum', 'no']);
    checkFloating('decov', arrayOf(h));
    checkNdim('decov', 'h', h, 'N, K');
    const { dtype, device } = arrayOf(h);
    const [, k] = h.shape;
    const apart = subtract(1, eye(k, k, 0, { dtype, device: device.name }));
    const x = asVariable(h);
    return reduceCovariance(mul(covarianceOf(x, x), apart), reduce);
  });
}
