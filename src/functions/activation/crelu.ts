import type { Variable } from '../../core/variable.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { concat } from '../array/concat.js';
import { neg } from '../math/negative.js';
import { relu } from './relu.js';

/**
 * relu(x) and relu(−x), joined along an axis, which becomes twice as long; follows chainer.functions.crelu. The gradient
 * at 0 is 0. Shang et al., https://arxiv.org/abs/1603.05201.
 *
 * @param axis default 1
 * @throws DTypeError unless x is floating, ShapeError if the axis is out of range.
 */
export function crelu(x: FunctionOperand, axis = 1): Variable {
  x = input('crelu', 'x', x);
  return concat([relu(x), relu(neg(x))], axis);
}
