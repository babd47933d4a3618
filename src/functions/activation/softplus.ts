import type { Variable } from '../../core/variable.js';
import { checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { div } from '../math/divide.js';
import { mul } from '../math/multiply.js';
import { elementwise } from '../nodes/elementwise.js';
import { sigmoid } from './sigmoid.js';

/** log(1 + eˣ). */
const unscaled = elementwise('softplus', { ofInput: (x, gy) => mul(sigmoid(x), gy) });

/**
 * log(1 + exp(beta·x)) / beta, elementwise, without overflow: a smooth relu. Follows chainer.functions.softplus.
 *
 * @param beta default 1; a larger beta is closer to relu
 * @throws DTypeError unless x is floating.
 */
export function softplus(x: FunctionOperand, beta = 1): Variable {
  x = input('softplus', 'x', x);
  checkScalars('softplus', { beta });
  return beta === 1 ? unscaled(x) : div(unscaled(mul(x, beta)), beta);
}
