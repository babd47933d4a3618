import type { Variable } from '../../core/variable.js';
import { greaterEqual, logicalNot } from '../../ndarray/np.js';
import { alignTo } from '../arguments/along-axes.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { add } from '../math/add.js';
import { mul } from '../math/multiply.js';
import { passWhere } from '../nodes/piecewise.js';

/**
 * x where x ≥ 0, W·x elsewhere. x (N, s₁, …, sₙ), W (s₁, …, sₘ) with m ≤ n: one slope per channel or feature, or a 0-d
 * array for all. The gradient in x at 0 is 1. Follows chainer.functions.prelu. He et al., https://arxiv.org/abs/1502.01852.
 *
 * @throws ShapeError if W's shape is not that of x from axis 1 on, DTypeError unless both are floating and of one dtype.
 */
export function prelu(x: FunctionOperand, W: FunctionOperand): Variable {
  x = input('prelu', 'x', x, W);
  W = input('prelu', 'W', W, x);
  checkFloating('prelu', arrayOf(x), arrayOf(W));
  const slopes = alignTo('prelu', x, W, 1);
  const upper = greaterEqual(arrayOf(x), 0);
  return add(passWhere(upper, x), mul(passWhere(logicalNot(upper), x), slopes));
}
