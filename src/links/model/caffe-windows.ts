/** The sizes of windows as Caffe's layers write them. It knows no layer. */
import { FormatError } from '../../errors.js';
import type { Sizes } from '../../functions/arguments/window-sizes.js';

/** The two sizes of a list that may give one for both axes, or none. */
export function spread(list: readonly number[], absent: number): Sizes {
  if (list.length === 0) return absent;
  return list.length === 1 ? list[0] : [list[0], list[1]];
}

/** Sizes as V1 and V2 write them: by axis, or one or a list for both. */
interface WindowSizes {
  readonly kernelH: number;
  readonly kernelW: number;
  readonly strideH: number;
  readonly strideW: number;
  readonly padH: number;
  readonly padW: number;
  readonly kernelSize: number | readonly number[];
  readonly stride: number | readonly number[];
  readonly pad: number | readonly number[];
}

const listed = (sizes: number | readonly number[]) => (typeof sizes === 'number' ? [sizes] : sizes);

export function windowOf(param: WindowSizes): { ksize: Sizes; stride: Sizes; pad: Sizes } {
  const { kernelH, kernelW, strideH, strideW, padH, padW } = param;
  return {
    ksize: kernelH > 0 ? [kernelH, kernelW] : spread(listed(param.kernelSize), 0),
    stride: strideH > 0 ? [strideH, strideW] : spread(listed(param.stride), 1),
    pad: padH > 0 || padW > 0 ? [padH, padW] : spread(listed(param.pad), 0),
  };
}

/** A size for each of the two axes. */
export const bothOf = (size: Sizes) =>
  typeof size === 'number' ? ([size, size] as const) : ([size[0], size[1]] as const);

type Pair = readonly [y: number, x: number];

/** What a window may be, in places. Nets that cover whole pictures with one have some hundreds. */
const LARGEST = 2 ** 14;
/** Padding by which windows see no pixel. FCN pads by 100 at windows of 3. */
const USUAL_PADDING = 128;

/**
 * Refuses windows that no net has, and that would make large outputs of small pictures: with padding of more than 128 that is not less
 * than the window's extent.
 *
 * @param what names the layer in errors.
 */
export function checkWindow(
  what: string,
  { ksize, stride, pad, dilate = [1, 1] }: { ksize: Pair; stride: Pair; pad: Pair; dilate?: Pair },
): void {
  const isSize = (size: number, least: number) => Number.isInteger(size) && size >= least && size <= LARGEST;
  const areSizes =
    [...ksize, ...stride, ...dilate].every((size) => isSize(size, 1)) && pad.every((size) => isSize(size, 0));
  const isCovered = pad.every((size, i) => size <= Math.max(USUAL_PADDING, (ksize[i] - 1) * dilate[i]));
  if (areSizes && isCovered) return;
  throw new FormatError(
    `${what}: a window of (${ksize}), with a stride of (${stride}), a padding of (${pad}) and a dilation of (${dilate}), is not ` +
      `supported: sizes are 1 to ${LARGEST}, and padding is less than the window`,
  );
}
