/**
 * Caffe's pooling (`PoolingLayer::Reshape` and `Forward_cpu`), composed of the library's functions. It differs from Chainer's in the number
 * of windows and in the divisor of an average. Also the pooling of `chainer.links.caffe.CaffeFunction`, which is Chainer's.
 */
import { asVariable, type Variable, type VariableLike } from '../../core/variable.js';
import { checkNdim } from '../../functions/arguments/operands.js';
import { windowCount } from '../../functions/arguments/window-sizes.js';
import { getItem } from '../../functions/array/get-item.js';
import { pad as padWith } from '../../functions/array/pad.js';
import { maximum } from '../../functions/math/maximum.js';
import { mul } from '../../functions/math/multiply.js';
import { averagePooling2d } from '../../functions/pooling/average-pooling-2d.js';
import { maxPooling2d } from '../../functions/pooling/max-pooling-2d.js';
import { array, slice } from '../../ndarray/np.js';

type Pair = readonly [y: number, x: number];

/** Windows over the two axes of an image. */
export interface CaffeWindows {
  readonly ksize: Pair;
  readonly stride: Pair;
  /** Less than `ksize`. */
  readonly pad: Pair;
  /** Whether a last window that does not fit is left out. Caffe's default is to keep it. */
  readonly floor: boolean;
}

/** The least float32, with which Caffe's maximum begins. */
const LEAST = -3.4028234663852886e38;

/** Windows along one axis, of an image of `length`. */
interface AxisWindows {
  /** The number of windows: `ceil((length + 2 · pad − ksize) / stride) + 1`, or one less if the last would begin in the padding. */
  readonly count: number;
  /** The number of windows that fit into the image and its padding. */
  readonly fitting: number;
  /** The number of pixels by which the last window exceeds the padding. */
  readonly beyond: number;
  /** The length of each window without what exceeds the padding: the divisor of an average. */
  readonly sizes: readonly number[];
  /** Whether a window lies beyond the image. */
  readonly hasEmpty: boolean;
}

function windowsAlong(axis: 0 | 1, length: number, { ksize, stride, pad, floor }: CaffeWindows): AxisWindows {
  const [k, s, p] = [ksize[axis], stride[axis], pad[axis]];
  const steps = (length + 2 * p - k) / s;
  const fitting = Math.max(0, Math.floor(steps) + 1);
  let count = windowCount('CaffeFunction pooling', length, k, s, p, !floor);
  // Caffe asks whether there is padding along any axis, not whether there is along this one.
  if (Math.max(...pad) > 0 && (count - 1) * s >= length + p) count--;
  const starts = Array.from({ length: count }, (_, i) => i * s - p);
  const last = starts[count - 1];
  return {
    count,
    fitting,
    beyond: Math.max(0, last + k - (length + p)),
    sizes: starts.map((start) => Math.min(start + k, length + p) - start),
    hasEmpty: last >= length,
  };
}

/**
 * The maximum over Caffe's windows: x (N, C, H, W) → (N, C, oh, ow). A window beyond the image gives the least float32.
 *
 * @throws ShapeError if x is not (N, C, H, W) or no window fits.
 */
export function caffeMaxPooling(x: VariableLike, windows: CaffeWindows): Variable {
  checkNdim('CaffeFunction pooling', 'x', x, 'N, C, H, W');
  const { ksize, stride, pad } = windows;
  const axes = [windowsAlong(0, x.shape[2], windows), windowsAlong(1, x.shape[3], windows)];
  const coverAll = axes.some(({ count, fitting }) => count > fitting);
  const y = maxPooling2d(x, ksize, stride, pad, { coverAll });
  const [rows, columns] = axes.map(({ count }) => count);
  const isWhole = y.shape[2] === rows && y.shape[3] === columns;
  const chosen = isWhole ? y : getItem(y, [slice(), slice(), slice(0, rows), slice(0, columns)]);
  return axes.some(({ hasEmpty }) => hasEmpty) ? maximum(chosen, LEAST) : chosen;
}

/**
 * The mean over Caffe's windows: x (N, C, H, W) → (N, C, oh, ow). Padding counts as zeros; pixels beyond the padding do not count.
 *
 * @throws ShapeError if x is not (N, C, H, W) or no window fits.
 */
export function caffeAveragePooling(x: VariableLike, windows: CaffeWindows): Variable {
  checkNdim('CaffeFunction pooling', 'x', x, 'N, C, H, W');
  const { ksize, stride, pad } = windows;
  const [rows, columns] = [windowsAlong(0, x.shape[2], windows), windowsAlong(1, x.shape[3], windows)];
  if (rows.beyond === 0 && columns.beyond === 0) return averagePooling2d(x, ksize, stride, pad);
  const border = [
    [0, 0],
    [0, 0],
    [pad[0], pad[0] + rows.beyond],
    [pad[1], pad[1] + columns.beyond],
  ];
  const means = averagePooling2d(padWith(x, border), ksize, stride);
  const factors = rows.sizes.flatMap((h) => columns.sizes.map((w) => (ksize[0] * ksize[1]) / (h * w)));
  const { dtype, device } = asVariable(x).array;
  return mul(means, array(factors, { dtype, device: device.name }).reshape([1, 1, rows.count, columns.count]));
}

/** The maximum as in Chainer's CaffeFunction: all windows stay, also those that begin in the padding. */
export function chainerMaxPooling(x: VariableLike, { ksize, stride, pad }: CaffeWindows): Variable {
  return maxPooling2d(x, ksize, stride, pad);
}

/** The mean as in Chainer's CaffeFunction: windows that do not fit are left out, and all sums are divided by the window's size. */
export function chainerAveragePooling(x: VariableLike, { ksize, stride, pad }: CaffeWindows): Variable {
  return averagePooling2d(x, ksize, stride, pad);
}
