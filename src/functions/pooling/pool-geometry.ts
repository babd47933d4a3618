/** The geometry of pooling windows from the arguments of functions, over two axes or any number. */
import type { Pool2dGeometry } from '../../backends/primitives.js';
import type { VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { checkNdim } from '../arguments/operands.js';
import { pair, type Sizes, sizes, unwindowedLength, windowCount, windowCounts } from '../arguments/window-sizes.js';
import type { Windows } from '../nodes/unfold.js';

/** The checked sizes as pairs. The default stride is the size of the window. */
export function poolGeometry(op: string, ksize: Sizes, stride: Sizes | null, pad: Sizes): Pool2dGeometry {
  const k = pair(op, 'ksize', ksize, 1);
  return { ksize: k, stride: stride === null ? k : pair(op, 'stride', stride, 1), pad: pair(op, 'pad', pad, 0) };
}

/** The shape of the pooled image. @throws ShapeError if x is not (N, C, H, W) or no window fits. */
export function pooledShape(op: string, x: VariableLike, geometry: Pool2dGeometry, coverAll: boolean): number[] {
  checkNdim(op, 'x', x, 'N, C, H, W');
  return [x.shape[0], x.shape[1], ...windowCounts(op, x, geometry.ksize, geometry, coverAll)];
}

/** The size, stride and padding of windows, one entry for each spatial axis. */
export type WindowSizes = Pick<Windows, 'ksize' | 'stride' | 'pad'>;

/** The checked sizes as lists, for x (N, C, d…). The default stride is the size of the window. */
export function windowSizes(op: string, x: VariableLike, ksize: Sizes, stride: Sizes | null, pad: Sizes): WindowSizes {
  const axes = x.shape.length - 2;
  if (axes < 1) throw new ShapeError(`${op}: x is ${formatShape(x.shape)}, expected (N, C, …) with spatial axes`);
  const k = sizes(op, 'ksize', ksize, axes, 1);
  return {
    ksize: k,
    stride: stride === null ? k : sizes(op, 'stride', stride, axes, 1),
    pad: sizes(op, 'pad', pad, axes, 0),
  };
}

/** The windows over x's spatial axes. @throws ShapeError if none fits. */
export function windowsOver(
  op: string,
  x: VariableLike,
  { ksize, stride, pad }: WindowSizes,
  coverAll: boolean,
): Windows {
  const counts = windowCounts(op, x, ksize, { stride, pad }, coverAll);
  return { ksize, stride, pad, dilation: ksize.map(() => 1), counts };
}

/**
 * The spatial size of an image whose pooling has the size of x: `outsize`, or the smallest.
 *
 * @throws ShapeError if pooling an image of the size asked for does not give x's size.
 */
export function unpooledSize(
  op: string,
  x: VariableLike,
  { ksize, stride, pad }: WindowSizes,
  coverAll: boolean,
  outsize: Sizes | null,
): number[] {
  const counts = x.shape.slice(2);
  if (outsize === null) {
    return counts.map((count, i) => unwindowedLength(op, count, ksize[i], stride[i], pad[i], coverAll));
  }
  const lengths = sizes(op, 'outsize', outsize, counts.length, 1);
  const found = lengths.map((length, i) => windowCount(op, length, ksize[i], stride[i], pad[i], coverAll));
  if (formatShape(found) !== formatShape(counts)) {
    throw new ShapeError(
      `${op}: pooling ${formatShape(lengths)} gives ${formatShape(found)} but x has ${formatShape(counts)}`,
    );
  }
  return lengths;
}

/** x (N, C, L) as the image (N, C, 1, L), and the sizes of its windows. */
export function asImage({ ksize, stride, pad }: WindowSizes): WindowSizes {
  return { ksize: [1, ...ksize], stride: [1, ...stride], pad: [0, ...pad] };
}

/** The sizes of two axes as the geometry of a primitive. */
export function planeGeometry({ ksize, stride, pad }: WindowSizes): Pool2dGeometry {
  return { ksize: [ksize[0], ksize[1]], stride: [stride[0], stride[1]], pad: [pad[0], pad[1]] };
}
