import { composed } from '../../core/composed.js';
import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { bias } from '../math/bias.js';
import { scale } from '../math/scale.js';
import { checkChannels } from './layer-normalization.js';
import { standardize } from './standardize.js';

/**
 * γ·(x − mean)/√(variance + eps) + β with the statistics of each sample and group of channels: x (N, C, …), gamma and beta
 * (C,). Follows chainer.functions.group_normalization (Wu and He, arXiv:1803.08494).
 *
 * @param groups the number of groups of channels
 * @param eps default 1e-5
 * @throws ShapeError if shapes do not fit or the groups do not divide the channels, DTypeError if dtypes differ or are not
 *   floating.
 */
export function groupNormalization(
  x: FunctionOperand,
  groups: number,
  gamma: FunctionOperand,
  beta: FunctionOperand,
  eps = 1e-5,
): Variable {
  x = input('groupNormalization', 'x', x, gamma);
  gamma = input('groupNormalization', 'gamma', gamma, x);
  beta = input('groupNormalization', 'beta', beta, x);
  checkScalars('groupNormalization', { groups, eps });
  return composed(() => {
    const op = 'groupNormalization';
    checkFloating(op, ...[x, gamma, beta].map(arrayOf));
    const [n, c, ...rest] = x.shape;
    if (x.shape.length < 2) throw new ShapeError(`${op}: x is ${formatShape(x.shape)}, expected (N, C, …)`);
    if (!Number.isInteger(groups) || groups < 1 || c % groups !== 0) {
      throw new ShapeError(`${op}: ${c} channels do not divide into ${groups} groups (x ${formatShape(x.shape)})`);
    }
    checkChannels(op, x, gamma, beta);
    const scores = standardize(reshape(x, [n * groups, (c / groups) * sizeOf(rest)]), 1, eps);
    return bias(scale(reshape(scores, x.shape), gamma), beta);
  });
}
