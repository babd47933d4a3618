import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { toHostArray } from '../../ndarray/dtype.js';
import { fromHost } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import { sizeOf, stridesOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { checkListed } from '../arguments/listed-sizes.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { reshape } from '../array/reshape.js';
import { mean } from '../math/average.js';
import { mul } from '../math/multiply.js';
import { unfold, type Windows } from '../nodes/unfold.js';
import { averagePooling2d } from './average-pooling-2d.js';
import { asImage, windowSizes, windowsOver } from './pool-geometry.js';

/** Options of {@link averagePoolingNd}. */
export interface AveragePoolingNdOptions {
  /** The value of padding in the mean: 0, or null to leave padding out. Default 0. */
  padValue?: 0 | null;
}

/** The factor that takes padding out of a mean: the size of a window over the number of its elements in x. */
function paddingCorrection(x: NDArray, { ksize, stride, pad, counts }: Windows): NDArray {
  for (const count of counts) checkListed('averagePoolingNd', 'windows', count);
  const inside = counts.map((count, i) =>
    Array.from({ length: count }, (_, at) => {
      const start = at * stride[i] - pad[i];
      // A window that lies in padding entirely stays 0.
      return Math.max(1, Math.min(start + ksize[i], x.shape[i + 2]) - Math.max(start, 0));
    }),
  );
  const strides = stridesOf(counts);
  const size = sizeOf(ksize);
  checkListed('averagePoolingNd', 'windows', sizeOf(counts));
  const factors = Array.from({ length: sizeOf(counts) }, (_, flat) =>
    inside.reduce((factor, along, i) => factor / along[Math.floor(flat / strides[i]) % counts[i]], size),
  );
  return fromHost(toHostArray(factors, x.dtype), [1, 1, ...counts], x.dtype, x.device);
}

/**
 * The mean over windows on as many axes as x has beyond its first two: x (N, C, d…) → (N, C, o…). Follows
 * chainer.functions.average_pooling_nd.
 *
 * @param stride default: `ksize`
 * @param pad default 0
 * @throws ShapeError if x has no spatial axes or no window fits, ValueError unless `padValue` is 0 or null, DTypeError unless x is
 *   floating.
 */
export function averagePoolingNd(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: AveragePoolingNdOptions = {},
): Variable {
  x = input('averagePoolingNd', 'x', x);
  checkOptions('averagePoolingNd', options, { padValue: 1 });
  const op = 'averagePoolingNd';
  const { padValue = 0 } = options;
  if (padValue !== 0 && padValue !== null) throw new ValueError(`${op}: padValue is ${padValue}, expected 0 or null`);
  checkFloating(op, arrayOf(x));
  const window = windowSizes(op, x, ksize, stride, pad);
  const windows = windowsOver(op, x, window, false);
  const axes = window.ksize.length;
  const [n, c, ...lengths] = x.shape;
  const shape = [n, c, ...windows.counts];
  const average = () => {
    if (axes > 2) return reshape(mean(unfold(x, windows), 2), shape);
    const plane = axes === 1 ? asImage(window) : window;
    const image = axes === 1 ? reshape(x, [n, c, 1, lengths[0]]) : x;
    return reshape(averagePooling2d(image, plane.ksize, plane.stride, plane.pad), shape);
  };
  return padValue === null ? mul(average(), paddingCorrection(arrayOf(x), windows)) : average();
}
