/** The sizes of windows as Caffe's layers write them. It knows no layer. */
import type { Sizes } from '../../functions/pairs.js';

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
