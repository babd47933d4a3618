import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { pair, type Sizes, windowCounts } from '../arguments/window-sizes.js';
import { unfold } from '../nodes/unfold.js';
import { reshape } from './reshape.js';

/** Options of {@link im2col}. */
export interface Im2colOptions {
  /** Let the last windows reach beyond the input, so that they cover every pixel. Default false. */
  coverAll?: boolean;
  /** The distance between neighbouring pixels that a window reads. Default 1. */
  dilate?: Sizes;
}

/**
 * The windows of a convolution as channels: x (N, C, H, W) → (N, C·kh·kw, oh, ow). Pixels outside x are 0.
 * Follows chainer.functions.im2col.
 *
 * @param stride default 1
 * @param pad zeros on each side, default 0
 * @throws ShapeError if x is not (N, C, H, W) or no window fits, DTypeError unless x is floating.
 */
export function im2col(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: Im2colOptions = {},
): Variable {
  x = input('im2col', 'x', x);
  checkOptions('im2col', options, { coverAll: 1, dilate: 1 });
  const { coverAll = false, dilate = 1 } = options;
  const op = 'im2col';
  checkFloating(op, arrayOf(x));
  checkNdim(op, 'x', x, 'N, C, H, W');
  const [n, c] = x.shape;
  const k = pair(op, 'ksize', ksize, 1);
  const s = pair(op, 'stride', stride, 1);
  const p = pair(op, 'pad', pad, 0);
  const d = pair(op, 'dilate', dilate, 1);
  const steps = { stride: s, pad: p, dilation: d };
  const counts = windowCounts(op, x, k, steps, coverAll);
  const columns = unfold(x, { ksize: k, ...steps, counts });
  return reshape(columns, [n, c * k[0] * k[1], ...counts]);
}
