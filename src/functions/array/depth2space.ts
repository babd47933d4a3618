import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, checkNdim, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from './reshape.js';
import { transpose } from './transpose.js';

/**
 * Moves channels to pixels: X (N, r²·C, H, W) → (N, C, r·H, r·W). The first of the r² groups of C channels gives the first pixel of
 * each r×r patch. Follows chainer.functions.depth2space (sub-pixel convolution, arXiv:1609.05158).
 *
 * @throws ShapeError unless r² divides the channels, DTypeError unless X is floating.
 */
export function depth2space(X: FunctionOperand, r: number): Variable {
  X = input('depth2space', 'X', X);
  checkScalars('depth2space', { r });
  checkFloating('depth2space', arrayOf(X));
  checkNdim('depth2space', 'X', X, 'N, C, H, W');
  const [n, channels, h, w] = X.shape;
  if (!Number.isInteger(r) || r < 1) throw new ValueError(`depth2space: r is ${r}, expected a positive integer`);
  if (channels % r ** 2 !== 0) {
    throw new ShapeError(
      `depth2space: ${channels} channels do not divide by r² = ${r ** 2} (X ${formatShape(X.shape)})`,
    );
  }
  const c = channels / r ** 2;
  const blocks = transpose(reshape(X, [n, r, r, c, h, w]), [0, 3, 4, 1, 5, 2]);
  return reshape(blocks, [n, c, h * r, w * r]);
}
