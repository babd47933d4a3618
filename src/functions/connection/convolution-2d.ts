import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { pair, type Sizes, windowCounts } from '../arguments/window-sizes.js';
import { convolve } from '../nodes/convolution-2d.js';
import { checkChannels } from './channels.js';

/** Options of {@link convolution2d}. */
export interface Convolution2dOptions {
  /** Let the last windows reach beyond the input, so that they cover every pixel. Default false. */
  coverAll?: boolean;
  /** The distance between neighbouring pixels that a window reads. Default 1. */
  dilate?: Sizes;
  /** The number of groups. An output channel reads only the input channels of its group. Default 1. */
  groups?: number;
}

/**
 * Two-dimensional convolution (cross-correlation): y[n,o,i,j] = b[o] + Σ w[o,c,p,q]·x[n,c, i·sy+p·dy−ph, j·sx+q·dx−pw].
 * x (N, C, H, W), W (O, C/groups, kh, kw), b (O,) → (N, O, oh, ow); pixels outside x count as 0. Follows
 * chainer.functions.convolution_2d.
 *
 * @example
 * const x = np.arange(9).astype('float32').reshape(1, 1, 3, 3);
 * F.convolution2d(x, np.ones([1, 1, 2, 2])).tolist(); // [[[[8, 12], [20, 24]]]]
 * F.convolution2d(x, np.ones([1, 1, 2, 2]), null, 2, 1).shape; // [1, 1, 2, 2]
 *
 * @param stride default 1
 * @param pad zeros on each side, default 0
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function convolution2d(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: Convolution2dOptions = {},
): Variable {
  x = input('convolution2d', 'x', x, W);
  W = input('convolution2d', 'W', W, x);
  if (b !== null) b = input('convolution2d', 'b', b, x);
  checkOptions('convolution2d', options, { coverAll: 1, dilate: 1, groups: 1 });
  const { coverAll = false, dilate = 1, groups = 1 } = options;
  const op = 'convolution2d';
  const geometry = {
    stride: pair(op, 'stride', stride, 1),
    pad: pair(op, 'pad', pad, 0),
    dilation: pair(op, 'dilate', dilate, 1),
    groups,
  };
  checkNdim(op, 'W', W, 'O, C/groups, kh, kw');
  checkNdim(op, 'x', x, 'N, C, H, W', W.shape[1] * groups);
  checkChannels(op, 'output first', x, W, b, groups);
  const [height, width] = windowCounts(op, x, W.shape.slice(2), geometry, coverAll);
  return convolve(x, W, b, geometry, [x.shape[0], W.shape[0], height, width]);
}
