import type { Variable } from '../../core/variable.js';
import { alignTo } from '../arguments/along-axes.js';
import { checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { mul } from './multiply.js';

/**
 * x·y, where the axes of y are x's axes `axis`, `axis` + 1, …, as in Caffe's Scale layer: x (N, C, H, W), y (C,), axis 1. Follows
 * chainer.functions.scale.
 *
 * @param axis default 1
 * @throws ShapeError if y's shape is not that of x from `axis` on, DTypeError if dtypes differ.
 */
export function scale(x: FunctionOperand, y: FunctionOperand, axis = 1): Variable {
  x = input('scale', 'x', x, y);
  y = input('scale', 'y', y, x);
  checkScalars('scale', { axis });
  return mul(x, alignTo('scale', x, y, axis));
}
