/** `utils`: the sizes of convolved images, as chainer.utils computes them. */
import { unwindowedLength, windowCount } from './arguments/window-sizes.js';

/**
 * The length of an axis after a convolution or pooling; follows chainer.utils.get_conv_outsize.
 *
 * @throws ShapeError if no window fits.
 */
export function getConvOutsize(
  size: number,
  ksize: number,
  stride: number,
  pad: number,
  coverAll = false,
  dilate = 1,
): number {
  return windowCount('getConvOutsize', size, ksize, stride, pad, coverAll, dilate);
}

/**
 * The length of an axis after a transposed convolution; follows chainer.utils.get_deconv_outsize.
 *
 * @throws ShapeError if the length would not be positive.
 */
export function getDeconvOutsize(
  size: number,
  ksize: number,
  stride: number,
  pad: number,
  coverAll = false,
  dilate = 1,
): number {
  return unwindowedLength('getDeconvOutsize', size, ksize, stride, pad, coverAll, dilate);
}

export { sumTo } from '../ndarray/np.js';
