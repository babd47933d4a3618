/** Crops of images: the middle, or ten views whose predictions are averaged. */
import { concatenate, flip, getItem, type NDArray, reshape, slice, stack } from '../../../ndarray/np.js';

/** The crop of x (N, C, H, W) that begins at (top, left). */
function cropAt(x: NDArray, [height, width]: readonly [number, number], top: number, left: number): NDArray {
  return getItem(x, [slice(null, null), slice(null, null), slice(top, top + height), slice(left, left + width)]);
}

/** The middle of x (N, C, H, W) → (N, C, height, width). */
export function cropCentre(x: NDArray, size: readonly [number, number]): NDArray {
  const [top, left] = [0, 1].map((k) => Math.floor((x.shape[2 + k] - size[k]) / 2));
  return cropAt(x, size, top, left);
}

/**
 * The four corners and the middle of x (N, C, H, W), and their mirror images → (10·N, C, height, width). The ten crops of an image come
 * one after another. Follows chainer.utils.imgproc.oversample.
 */
export function oversample(x: NDArray, size: readonly [number, number]): NDArray {
  const [bottom, right] = [x.shape[2] - size[0], x.shape[3] - size[1]];
  const corners = [0, bottom].flatMap((top) => [0, right].map((left) => cropAt(x, size, top, left)));
  const views = stack([...corners, cropCentre(x, size)], 1);
  return reshape(concatenate([views, flip(views, 4)], 1), [10 * x.shape[0], x.shape[1], ...size]);
}
