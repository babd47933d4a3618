import type { Variable } from '../../core/variable.js';
import { alignTo } from '../arguments/along-axes.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { mul } from '../math/multiply.js';
import { sigmoid } from './sigmoid.js';

/**
 * x·sigmoid(beta·x), elementwise. x (N, s₁, …, sₙ), beta (s₁, …, sₘ) with m ≤ n: one per channel or feature, or a 0-d
 * array for all. Follows chainer.functions.swish. Ramachandran et al., https://arxiv.org/abs/1710.05941.
 *
 * @throws ShapeError if beta's shape is not that of x from axis 1 on, DTypeError unless both are floating and of one dtype.
 */
export function swish(x: FunctionOperand, beta: FunctionOperand): Variable {
  x = input('swish', 'x', x, beta);
  beta = input('swish', 'beta', beta, x);
  return mul(x, sigmoid(mul(x, alignTo('swish', x, beta, 1))));
}
