import type { Variable } from '../../core/variable.js';
import { checkScalars, type FunctionOperand, input, wholeInput } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { binsAsImages, maxima } from './pixel-lists.js';
import { binPixels } from './roi-bins.js';
import { roiPlan } from './rois.js';

/**
 * The maximum over each bin of each region, 0 where a bin has no pixels.
 * x (N, C, H, W), rois (R, 4) with rows (y1, x1, y2, x2), roiIndices (R,) int32, the image of each region → (R, C, oh, ow).
 * The regions are read on the host; no gradient flows to them. Follows chainer.functions.roi_max_pooling_2d.
 *
 * @param outsize the number of bins of a region, (height, width)
 * @param spatialScale the factor from the coordinates of regions to pixels of x
 * @throws ShapeError if shapes do not fit, IndexError for an image outside the batch, ValueError unless the scale is
 *   positive, DTypeError unless x and rois are floats of one dtype and roiIndices int32.
 */
export function roiMaxPooling2d(
  x: FunctionOperand,
  rois: FunctionOperand,
  roiIndices: FunctionOperand,
  outsize: Sizes,
  spatialScale: number,
): Variable {
  x = input('roiMaxPooling2d', 'x', x, rois);
  rois = input('roiMaxPooling2d', 'rois', rois, x);
  roiIndices = wholeInput('roiMaxPooling2d', 'roiIndices', roiIndices);
  checkScalars('roiMaxPooling2d', { spatialScale });
  const plan = roiPlan('roiMaxPooling2d', x, rois, roiIndices, outsize, spatialScale);
  return binsAsImages(maxima(x, binPixels(plan, x.shape, false)), plan.rois.length, plan.outsize);
}
