import { Variable, type VariableLike } from '../../core/variable.js';
import { add, arange, argmax, multiply, type NDArray } from '../../ndarray/np.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { reshape } from '../array/reshape.js';
import { takeFlat } from '../array/select-item.js';
import { unfold, type Windows } from '../nodes/unfold.js';
import { type MaxPooling2dOptions, maxPooling2d } from './max-pooling-2d.js';
import { asImage, windowSizes, windowsOver } from './pool-geometry.js';

/** Options of {@link maxPoolingNd}. */
export type MaxPoolingNdOptions = MaxPooling2dOptions;

/** The flat positions of columns[n, c, indices[n, c, o], o] in columns (N, C, K, O); indices (N, C, O). */
function placesOf(indices: NDArray, k: number): NDArray {
  const [n, c, o] = indices.shape;
  const options = { device: indices.device.name };
  const column = arange(0, n * c, 1, options).reshape([n, c, 1]);
  return add(add(multiply(indices, o), multiply(column, k * o)), arange(0, o, 1, options));
}

/** The maximum over windows that are read out as columns, and its position in each window. */
function poolColumns(x: VariableLike, windows: Windows): [y: Variable, indices: Variable] {
  const columns = unfold(x, windows, Number.NEGATIVE_INFINITY);
  const [n, c, k] = columns.shape;
  const indices = argmax(columns.array, 2);
  const shape = [n, c, ...windows.counts];
  return [reshape(takeFlat(columns, placesOf(indices, k)), shape), new Variable(indices.reshape(shape))];
}

/**
 * The maximum over windows on as many axes as x has beyond its first two: x (N, C, d…) → (N, C, o…). The first of
 * equal maxima, row-major, gets the gradient. With `returnIndices` it also returns the int32 position of each maximum in its window. Follows
 * chainer.functions.max_pooling_nd.
 *
 * @param stride default: `ksize`
 * @param pad default 0; padding is never the maximum, and a window of padding alone gives −∞
 * @throws ShapeError if x has no spatial axes or no window fits, DTypeError unless x is floating.
 */
export function maxPoolingNd(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null | undefined,
  pad: Sizes | undefined,
  options: MaxPoolingNdOptions & { returnIndices: true },
): [y: Variable, indices: Variable];
export function maxPoolingNd(
  x: FunctionOperand,
  ksize: Sizes,
  stride?: Sizes | null,
  pad?: Sizes,
  options?: MaxPoolingNdOptions & { returnIndices?: false },
): Variable;
export function maxPoolingNd(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: MaxPoolingNdOptions = {},
): Variable | [y: Variable, indices: Variable] {
  x = input('maxPoolingNd', 'x', x);
  checkOptions('maxPoolingNd', options, { coverAll: 1, returnIndices: 1 });
  const op = 'maxPoolingNd';
  const { coverAll = true, returnIndices = false } = options;
  checkFloating(op, arrayOf(x));
  const window = windowSizes(op, x, ksize, stride, pad);
  const axes = window.ksize.length;
  const [n, c, ...lengths] = x.shape;
  const pooled = (): [y: Variable, indices: Variable] => {
    if (axes > 2) return poolColumns(x, windowsOver(op, x, window, coverAll));
    const plane = axes === 1 ? asImage(window) : window;
    const image = axes === 1 ? reshape(x, [n, c, 1, lengths[0]]) : x;
    const found = maxPooling2d(image, plane.ksize, plane.stride, plane.pad, { coverAll, returnIndices: true });
    const [y, indices] = found;
    if (axes === 2) return found;
    return [reshape(y, [n, c, y.shape[3]]), new Variable(indices.array.reshape([n, c, y.shape[3]]))];
  };
  const [y, indices] = pooled();
  return returnIndices ? [y, indices] : y;
}
