import type { Variable, VariableLike } from '../../core/variable.js';
import type { Axis } from '../../ndarray/shape.js';
import { reshape } from '../array/reshape.js';
import { add } from '../math/add.js';
import { mul } from '../math/multiply.js';
import { rsqrt } from '../math/rsqrt.js';
import { sub } from '../math/subtract.js';
import { arrayOf, checkFloating } from '../operands.js';
import { batchAxes } from './batch-axes.js';

/** Options of {@link fixedBatchNormalization}. */
export interface FixedBatchNormalizationOptions {
  /** Added to the variance. Default 2e-5. */
  eps?: number;
  /** The axes that statistics were taken over. Default: the first, and all behind gamma's. */
  axis?: Axis;
}

/**
 * γ·(x − mean)/√(variance + eps) + β with given statistics: x (N, C, …), the others (C,), or of whatever shape x has
 * without the normalized axes. Follows chainer.functions.fixed_batch_normalization.
 *
 * @throws ShapeError if an array does not fit, DTypeError if dtypes differ or are not floating.
 */
export function fixedBatchNormalization(
  x: VariableLike,
  gamma: VariableLike,
  beta: VariableLike,
  mean: VariableLike,
  variance: VariableLike,
  options: FixedBatchNormalizationOptions = {},
): Variable {
  const { eps = 2e-5, axis = null } = options;
  const op = 'fixedBatchNormalization';
  checkFloating(op, ...[x, gamma, beta, mean, variance].map(arrayOf));
  const { broadcast } = batchAxes(op, x, axis, { gamma, beta, mean, variance });
  const scale = mul(gamma, rsqrt(add(variance, eps)));
  const centred = sub(x, reshape(mean, broadcast));
  return add(mul(centred, reshape(scale, broadcast)), reshape(beta, broadcast));
}
