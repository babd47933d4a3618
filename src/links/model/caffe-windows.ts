/** The sizes of windows as Caffe's layers write them. */
import { FormatError } from '../../errors.js';
import type { Sizes } from '../../functions/arguments/window-sizes.js';

/** The two sizes in a list, which may hold one for both axes, or none. */
export function spread(list: readonly number[], absent: number): Sizes {
  if (list.length === 0) return absent;
  return list.length === 1 ? list[0] : [list[0], list[1]];
}

/** Sizes as V1 and V2 write them: one for each axis, one for both, or a list. */
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

/** The largest length of a window, in pixels. Windows over whole pictures have some hundreds. */
const LARGEST = 2 ** 14;
/** The largest padding that may exceed the windows, in pixels. FCN pads windows of 3 by 100. */
const USUAL_PADDING = 128;

/**
 * Refuses windows that no net has and that would make large outputs of small pictures: a padding of more than 128 that is not less than
 * the window's extent.
 *
 * @param what the layer's name in errors
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
