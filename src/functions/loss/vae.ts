/** The losses of variational autoencoders, for Gaussian and Bernoulli distributions. */

import type { Variable, VariableLike } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { softplus } from '../activation/softplus.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { add } from '../math/add.js';
import { exp } from '../math/exp.js';
import { mul } from '../math/multiply.js';
import { neg } from '../math/negative.js';
import { square } from '../math/square.js';
import { sub } from '../math/subtract.js';
import { checkReduce, reduceLoss } from './reduction.js';

/** Options of {@link gaussianKlDivergence}, {@link bernoulliNll} and {@link gaussianNll}. */
export interface NllOptions {
  /** `sum` and `mean` give one number, `no` the loss of each element. Default `sum`. */
  reduce?: 'sum' | 'mean' | 'no';
}

function check(op: string, { reduce = 'sum' }: NllOptions, ...inputs: readonly VariableLike[]): 'sum' | 'mean' | 'no' {
  checkReduce(op, reduce, ['sum', 'mean', 'no']);
  checkFloating(op, ...inputs.map(arrayOf));
  return reduce;
}

/**
 * The Kullback–Leibler divergence of N(mean, exp(lnVar)) from N(0, 1), elementwise ½·(mean² + exp(lnVar) − lnVar − 1),
 * added up. Follows chainer.functions.gaussian_kl_divergence.
 *
 * @throws DTypeError if dtypes differ or are not floating, ShapeError if shapes do not broadcast, ValueError for an
 *   unknown `reduce`.
 */
export function gaussianKlDivergence(
  mean: FunctionOperand,
  lnVar: FunctionOperand,
  options: NllOptions = {},
): Variable {
  mean = input('gaussianKlDivergence', 'mean', mean, lnVar);
  lnVar = input('gaussianKlDivergence', 'lnVar', lnVar, mean);
  checkOptions('gaussianKlDivergence', options, { reduce: 1 });
  const op = 'gaussianKlDivergence';
  const reduce = check(op, options, mean, lnVar);
  const doubled = sub(sub(add(square(mean), exp(lnVar)), lnVar), 1);
  return reduceLoss(op, mul(doubled, 0.5), reduce);
}

/**
 * The negative log-likelihood of x under a Bernoulli distribution with p = σ(y), elementwise log(1 + eʸ) − x·y, added up.
 * Follows chainer.functions.bernoulli_nll.
 *
 * @throws DTypeError if dtypes differ or are not floating, ShapeError if shapes do not broadcast, ValueError for an
 *   unknown `reduce`.
 */
export function bernoulliNll(x: FunctionOperand, y: FunctionOperand, options: NllOptions = {}): Variable {
  x = input('bernoulliNll', 'x', x, y);
  y = input('bernoulliNll', 'y', y, x);
  checkOptions('bernoulliNll', options, { reduce: 1 });
  const reduce = check('bernoulliNll', options, x, y);
  return reduceLoss('bernoulliNll', sub(softplus(y), mul(x, y)), reduce);
}

/**
 * The negative log-likelihood of x under N(mean, exp(lnVar)), elementwise
 * ½·(lnVar + log 2π + (x − mean)²·exp(−lnVar)), added up. Follows chainer.functions.gaussian_nll.
 *
 * @throws DTypeError if dtypes differ or are not floating, ShapeError if shapes do not broadcast, ValueError for an
 *   unknown `reduce`.
 */
export function gaussianNll(
  x: FunctionOperand,
  mean: FunctionOperand,
  lnVar: FunctionOperand,
  options: NllOptions = {},
): Variable {
  x = input('gaussianNll', 'x', x, mean);
  mean = input('gaussianNll', 'mean', mean, x);
  lnVar = input('gaussianNll', 'lnVar', lnVar, x);
  checkOptions('gaussianNll', options, { reduce: 1 });
  const reduce = check('gaussianNll', options, x, mean, lnVar);
  const distances = mul(square(sub(x, mean)), exp(neg(lnVar)));
  const doubled = add(add(distances, lnVar), Math.log(2 * Math.PI));
  return reduceLoss('gaussianNll', mul(doubled, 0.5), reduce);
}
