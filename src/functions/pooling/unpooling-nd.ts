import type { Variable } from '../../core/variable.js';
import { sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { reshape } from '../array/reshape.js';
import { mul } from '../math/multiply.js';
import { broadcastTo } from '../nodes/broadcasting.js';
import { fold } from '../nodes/unfold.js';
import { spreadOverWindows } from './average-pooling-2d.js';
import { asImage, planeGeometry, unpooledSize, windowSizes } from './pool-geometry.js';

/** Options of {@link unpoolingNd}. */
export interface UnpoolingNdOptions {
  /** The spatial size of the output, if several sizes fit. Default: the smallest. */
  outsize?: Sizes | null;
  /** Whether the pooling that this inverts lets its last windows reach beyond its input. Default true. */
  coverAll?: boolean;
}

/**
 * Repeats each element over its window; where windows overlap, the values add up: x (N, C, o…) → (N, C, d…). Follows
 * chainer.functions.unpooling_nd.
 *
 * @param stride default: `ksize`
 * @param pad elements cut off on each side, as many as pooling would pad; default 0
 * @throws ShapeError if x has no spatial axes or `outsize` does not fit, DTypeError unless x is floating.
 */
export function unpoolingNd(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: UnpoolingNdOptions = {},
): Variable {
  x = input('unpoolingNd', 'x', x);
  checkOptions('unpoolingNd', options, { outsize: 1, coverAll: 1 });
  const op = 'unpoolingNd';
  const { outsize = null, coverAll = true } = options;
  checkFloating(op, arrayOf(x));
  const window = windowSizes(op, x, ksize, stride, pad);
  const size = unpooledSize(op, x, window, coverAll, outsize);
  const [n, c, ...counts] = x.shape;
  const shape = [n, c, ...size];
  const elements = sizeOf(window.ksize);
  if (counts.length > 2) {
    const columns = broadcastTo(reshape(x, [n, c, 1, sizeOf(counts)]), [n, c, elements, sizeOf(counts)]);
    return fold(columns, { ...window, dilation: counts.map(() => 1), counts }, shape);
  }
  const plane = counts.length === 1 ? asImage(window) : window;
  const image = counts.length === 1 ? reshape(x, [n, c, 1, counts[0]]) : x;
  const [height, width] = counts.length === 1 ? [1, size[0]] : size;
  const spread = spreadOverWindows(image, planeGeometry(plane), [n, c, height, width]);
  return reshape(mul(spread, elements), shape);
}
