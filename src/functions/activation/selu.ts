import type { Variable } from '../../core/variable.js';
import { checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { mul } from '../math/multiply.js';
import { elu } from './elu.js';

/**
 * scale·elu(x, alpha): with the default constants, activations keep mean 0 and variance 1 from layer to layer. Follows
 * chainer.functions.selu. Klambauer et al., https://arxiv.org/abs/1706.02515.
 *
 * @throws DTypeError unless x is floating.
 */
export function selu(x: FunctionOperand, alpha = 1.6732632423543772, scale = 1.0507009873554805): Variable {
  x = input('selu', 'x', x);
  checkScalars('selu', { alpha, scale });
  return mul(elu(x, alpha), scale);
}
