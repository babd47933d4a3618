import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, checkNdim, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from './reshape.js';
import { transpose } from './transpose.js';

/**
 * The pixels of each r×r patch stacked as channels: X (N, C, r·H, r·W) → (N, r²·C, H, W); the inverse of depth2space.
 * Follows chainer.functions.space2depth.
 *
 * @throws ShapeError unless r divides height and width, DTypeError unless X is floating.
 */
export function space2depth(X: FunctionOperand, r: number): Variable {
  X = input('space2depth', 'X', X);
  checkScalars('space2depth', { r });
  checkFloating('space2depth', arrayOf(X));
  checkNdim('space2depth', 'X', X, 'N, C, H, W');
  const [n, c, height, width] = X.shape;
  if (!Number.isInteger(r) || r < 1) throw new ValueError(`space2depth: r is ${r}, expected a positive integer`);
  if (height % r !== 0 || width % r !== 0) {
    throw new ShapeError(`space2depth: height and width of X ${formatShape(X.shape)} do not divide by r = ${r}`);
  }
  const [h, w] = [height / r, width / r];
  const blocks = transpose(reshape(X, [n, c, h, r, w, r]), [0, 3, 5, 1, 2, 4]);
  return reshape(blocks, [n, r * r * c, h, w]);
}
