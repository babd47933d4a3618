import type { Variable } from '../../core/variable.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { log1p } from './log1p.js';
import { mul } from './multiply.js';
import { neg } from './negative.js';
import { sub } from './subtract.js';

/** The inverse hyperbolic tangent, ½·log((1 + x) / (1 − x)); NaN outside [−1, 1]. Follows chainer.functions.arctanh. */
export function arctanh(x: FunctionOperand): Variable {
  x = input('arctanh', 'x', x);
  return mul(sub(log1p(x), log1p(neg(x))), 0.5);
}
