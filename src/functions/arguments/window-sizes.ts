/** Sizes of windows: one number or one for each axis, and the numbers of windows that fit. */

import { ShapeError, ValueError } from '../../errors.js';
import { formatShape, type Shape } from '../../ndarray/shape.js';
import { inWords } from '../../options.js';
import { batchAxisNames, channelsLastRemedy } from './remedies.js';

/** One size for all spatial axes, or a list of one for each. */
export type Sizes = number | readonly number[];

/** The largest number of spatial axes. */
const MOST_AXES = 1024;

/** The (y, x) pair of a size. @throws ValueError if it is not one or two integers of at least `least`. */
export function pair(op: string, name: string, size: Sizes, least: number): [number, number] {
  const [y, x] = sizes(op, name, size, 2, least);
  return [y, x];
}

/** A size for each of `n` axes. @throws ValueError if there are not n, or one is not an integer of at least `least`. */
export function sizes(op: string, name: string, size: Sizes, n: number, least: number): number[] {
  if (!(n >= 0 && n <= MOST_AXES)) throw new ValueError(`${op}: there are no ${inWords(n)} axes for ${name}`);
  const isList = Array.isArray(size);
  const list =
    typeof size === 'number' ? new Array<number>(n).fill(size) : isList && size.length === n ? [...size] : null;
  if (!list || list.some((v) => !Number.isSafeInteger(v) || v < least)) {
    // A message does not list long lists, which may have four billion holes.
    const given = isList && size.length <= 8 ? `[${size.map(inWords).join(',')}]` : inWords(size);
    throw new ValueError(`${op}: ${name} is ${given}, expected ${n} integers of at least ${least}`);
  }
  return list;
}

/** Refuses sizes and numbers of channels that are not integers of at least `least`. @throws ValueError */
export function checkCounts(op: string, counts: Readonly<Record<string, unknown>>, least = 0): void {
  for (const name in counts) {
    const count = counts[name];
    if (!Number.isInteger(count) || (count as number) < least)
      throw new ValueError(`${op}: ${name} is ${inWords(count)}, expected an integer of at least ${least}`);
  }
}

/**
 * The number of windows of `ksize` (dilated) that fit on an axis of `length`, padded on both sides. With `coverAll` the last window may
 * reach beyond the end. Follows chainer.utils.conv.get_conv_outsize.
 *
 * @throws ShapeError if none fits.
 */
export function windowCount(
  op: string,
  length: number,
  ksize: number,
  stride: number,
  pad: number,
  coverAll = false,
  dilation = 1,
): number {
  const count = countOf(length, ksize, stride, pad, coverAll, dilation);
  if (count <= 0) throw new ShapeError(noWindow(op, length, ksize, stride, pad, dilation));
  return count;
}

/** {@link windowCount} without the error: 0 or less if no window fits. */
function countOf(length: number, ksize: number, stride: number, pad: number, coverAll: boolean, dilation: number) {
  const extent = (ksize - 1) * dilation + 1;
  const room = length + 2 * pad - extent + (coverAll ? stride - 1 : 0);
  return Math.floor(room / stride) + 1;
}

const noWindow = (op: string, length: number, ksize: number, stride: number, pad: number, dilation: number) =>
  `${op}: no window of ${ksize} (dilation ${dilation}, stride ${stride}, pad ${pad}) fits on a side of ${length}`;

/** How windows move: one entry for each spatial axis. */
interface WindowSteps {
  readonly stride: readonly number[];
  readonly pad: readonly number[];
  /** Default 1 for each axis. */
  readonly dilation?: readonly number[];
}

/** The number of windows on each spatial axis of x (N, C, …). @throws ShapeError if none fits on an axis. */
export function windowCounts(
  op: string,
  x: { readonly shape: Shape },
  ksize: readonly number[],
  { stride, pad, dilation }: WindowSteps,
  coverAll = false,
): number[] {
  return ksize.map((k, i) => {
    const [length, d] = [x.shape[i + 2], dilation?.[i] ?? 1];
    const count = countOf(length, k, stride[i], pad[i], coverAll, d);
    if (count > 0) return count;
    throw new ShapeError(
      `${noWindow(op, length, k, stride[i], pad[i], d)} of x ${formatShape(x.shape)}` +
        channelsLastRemedy('x', x.shape, batchAxisNames(x.shape.length)),
    );
  });
}

/** The smallest length of an axis with `count` windows, for transposed convolution; follows chainer's get_deconv_outsize. */
export function unwindowedLength(
  op: string,
  count: number,
  ksize: number,
  stride: number,
  pad: number,
  coverAll = false,
  dilation = 1,
): number {
  const extent = (ksize - 1) * dilation + 1;
  const length = stride * (count - 1) + extent - (coverAll ? stride - 1 : 0) - 2 * pad;
  if (length <= 0) {
    throw new ShapeError(
      `${op}: ${count} windows of ${ksize} with stride ${stride} and pad ${pad} leave a side of ${length}`,
    );
  }
  return length;
}
