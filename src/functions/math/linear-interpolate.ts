import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape, sameShape } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { add } from './add.js';
import { mul } from './multiply.js';
import { sub } from './subtract.js';

/**
 * p·x + (1 − p)·y, elementwise, all of one shape; follows chainer.functions.linear_interpolate.
 *
 * @throws ShapeError if shapes differ, DTypeError unless all are floating and of one dtype.
 */
export function linearInterpolate(p: FunctionOperand, x: FunctionOperand, y: FunctionOperand): Variable {
  p = input('linearInterpolate', 'p', p, x);
  x = input('linearInterpolate', 'x', x, p);
  y = input('linearInterpolate', 'y', y, p);
  checkFloating('linearInterpolate', arrayOf(p), arrayOf(x), arrayOf(y));
  if (!sameShape(p.shape, x.shape) || !sameShape(p.shape, y.shape)) {
    const shapes = [p, x, y].map(({ shape }) => formatShape(shape)).join(', ');
    throw new ShapeError(`linearInterpolate: shapes of p, x and y differ: ${shapes}`);
  }
  return add(mul(p, x), mul(sub(1, p), y));
}
