import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape, sameShape } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { pair, type Sizes, windowCounts } from '../arguments/window-sizes.js';
import { reshape } from '../array/reshape.js';
import { transpose } from '../array/transpose.js';
import { add } from '../math/add.js';
import { matmul } from '../math/matmul.js';
import { unfold } from '../nodes/unfold.js';

/**
 * Convolution with different weights for each output pixel: y[n,o,i,j] = b[o,i,j] + Σ W[o,i,j,c,p,q]·x[n,c, i·sy+p, j·sx+q].
 * x (N, C, H, W), W (O, oh, ow, C, kh, kw), b (O, oh, ow) → (N, O, oh, ow). Follows
 * chainer.functions.local_convolution_2d.
 *
 * @param stride default 1
 * @throws ShapeError if channels or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function localConvolution2d(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
): Variable {
  x = input('localConvolution2d', 'x', x, W);
  W = input('localConvolution2d', 'W', W, x);
  if (b !== null) b = input('localConvolution2d', 'b', b, x);
  const op = 'localConvolution2d';
  checkNdim(op, 'x', x, 'N, C, H, W');
  checkNdim(op, 'W', W, 'O, oh, ow, C, kh, kw');
  checkFloating(op, ...[x, W, ...(b ? [b] : [])].map(arrayOf));
  const s = pair(op, 'stride', stride, 1);
  const [n, c] = x.shape;
  const [o, oh, ow, channels, ...ksize] = W.shape;
  const counts = windowCounts(op, x, ksize, { stride: s, pad: [0, 0] });
  if (c !== channels || !sameShape(counts, [oh, ow]) || (b && !sameShape(b.shape, [o, oh, ow]))) {
    throw new ShapeError(
      `${op}: W ${formatShape(W.shape)}${b ? ` and b ${formatShape(b.shape)}` : ''} do not fit x ${formatShape(x.shape)}, ` +
        `which has ${c} channels and ${formatShape(counts)} windows`,
    );
  }
  const columns = unfold(x, { ksize, stride: s, pad: [0, 0], dilation: [1, 1], counts });
  const [places, rows] = [oh * ow, c * ksize[0] * ksize[1]];
  // One product for each output pixel: (N, C·k) · (O, C·k)ᵀ.
  const seen = transpose(reshape(columns, [n, rows, places]), [2, 0, 1]);
  const weights = transpose(reshape(W, [o, places, rows]), [1, 0, 2]);
  const y = reshape(transpose(matmul(seen, weights, false, true), [1, 2, 0]), [n, o, oh, ow]);
  return b ? add(y, b) : y;
}
