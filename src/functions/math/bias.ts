import type { Variable } from '../../core/variable.js';
import { alignTo } from '../arguments/along-axes.js';
import { checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { add } from './add.js';

/**
 * x + y, where the axes of y are x's axes `axis`, `axis` + 1, …, as in Caffe's Bias layer: x (N, C, H, W), y (C,), axis 1. Follows
 * chainer.functions.bias.
 *
 * @param axis default 1
 * @throws ShapeError if y's shape is not that of x from `axis` on, DTypeError if dtypes differ.
 */
export function bias(x: FunctionOperand, y: FunctionOperand, axis = 1): Variable {
  x = input('bias', 'x', x, y);
  y = input('bias', 'y', y, x);
  checkScalars('bias', { axis });
  return add(x, alignTo('bias', x, y, axis));
}
