import { composed } from '../../core/composed.js';
import type { Variable } from '../../core/variable.js';
import {
  clip,
  divide,
  mean as meanOf,
  type NDArray,
  sqrt,
  subtract,
  variance as varianceOf,
} from '../../ndarray/np.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { add } from '../math/add.js';
import { mul } from '../math/multiply.js';
import { batchAxes } from './batch-axes.js';
import { batchNormalization } from './batch-normalization.js';
import { type FixedBatchNormalizationOptions, fixedBatchNormalization } from './fixed-batch-normalization.js';
import { updateRunning } from './running-statistics.js';

/** Options of {@link batchRenormalization}. */
export interface BatchRenormalizationOptions {
  /** Added to variances. Default 2e-5. */
  eps?: number;
  /** The running mean μ̂. Default zeros. */
  runningMean?: NDArray | null;
  /** The running variance σ̂². Default ones. */
  runningVar?: NDArray | null;
  /** The weight of the old running statistics. Default 0.9. */
  decay?: number;
  /** Whether the statistics of the batch are mixed into the running ones, in place. Default false. */
  updateStatistics?: boolean;
}

/**
 * Batch normalization corrected towards running statistics: with σ̂, μ̂ the running and σ, μ the batch's,
 * r = clip(σ/σ̂, 1/rmax, rmax), d = clip((μ − μ̂)/σ̂, −dmax, dmax), and y = γ·((x − μ)/σ·r + d) + β; no gradient flows
 * through r and d. x (N, C, …), gamma and beta (C,). Follows chainer.functions.batch_renormalization (Ioffe,
 * arXiv:1702.03275).
 *
 * @throws ShapeError if an array does not fit, DTypeError if dtypes differ or are not floating.
 */
export function batchRenormalization(
  x: FunctionOperand,
  gamma: FunctionOperand,
  beta: FunctionOperand,
  rmax: number,
  dmax: number,
  options: BatchRenormalizationOptions = {},
): Variable {
  x = input('batchRenormalization', 'x', x, gamma);
  gamma = input('batchRenormalization', 'gamma', gamma, x);
  beta = input('batchRenormalization', 'beta', beta, x);
  checkScalars('batchRenormalization', { rmax, dmax });
  checkOptions('batchRenormalization', options, {
    eps: 1,
    runningMean: 1,
    runningVar: 1,
    decay: 1,
    updateStatistics: 1,
  });
  return composed(() => {
    const { eps = 2e-5, runningMean = null, runningVar = null, decay = 0.9, updateStatistics = false } = options;
    const op = 'batchRenormalization';
    const array = arrayOf(x);
    checkFloating(op, array, arrayOf(gamma), arrayOf(beta));
    const params = { gamma, beta, ...(runningMean && { runningMean }), ...(runningVar && { runningVar }) };
    const { axes, kept, count } = batchAxes(op, x, null, params);
    const mean = meanOf(array, axes).reshape(kept);
    const variance = varianceOf(array, axes).reshape(kept);
    const std = sqrt(variance.add(eps));
    const wanted = runningVar ? sqrt(runningVar.add(eps)) : Math.sqrt(1 + eps);
    const r = clip(divide(std, wanted), 1 / rmax, rmax);
    const d = clip(divide(runningMean ? subtract(mean, runningMean) : mean, wanted), -dmax, dmax);
    if (updateStatistics) {
      if (runningMean) updateRunning(runningMean, mean, decay);
      if (runningVar) updateRunning(runningVar, variance, decay, count);
    }
    return batchNormalization(x, mul(gamma, r), add(beta, mul(gamma, d)), { eps });
  });
}

/**
 * {@link fixedBatchNormalization}: with given statistics there is nothing to correct. Follows
 * chainer.functions.fixed_batch_renormalization.
 */
export function fixedBatchRenormalization(
  x: FunctionOperand,
  gamma: FunctionOperand,
  beta: FunctionOperand,
  mean: FunctionOperand,
  variance: FunctionOperand,
  options: FixedBatchNormalizationOptions = {},
): Variable {
  x = input('fixedBatchRenormalization', 'x', x, gamma);
  gamma = input('fixedBatchRenormalization', 'gamma', gamma, x);
  beta = input('fixedBatchRenormalization', 'beta', beta, x);
  mean = input('fixedBatchRenormalization', 'mean', mean, x);
  variance = input('fixedBatchRenormalization', 'variance', variance, x);
  checkOptions('fixedBatchRenormalization', options, { eps: 1, axis: 1 });
  return fixedBatchNormalization(x, gamma, beta, mean, variance, options);
}
