import type { Variable } from '../../core/variable.js';
import { checkScalars, type FunctionOperand, input, wholeInput } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { binsAsImages, weightedSums } from './pixel-lists.js';
import { binPixels } from './roi-bins.js';
import { roiPlan } from './rois.js';

/**
 * The mean over each bin of each region, 0 where a bin has no pixels.
 * x (N, C, H, W), rois (R, 4) with rows (y1, x1, y2, x2), roiIndices (R,) int32, the image of each region → (R, C, oh, ow).
 * The regions are read on the host; no gradient flows to them. Follows chainer.functions.roi_average_pooling_2d.
 *
 * @param outsize the number of bins of a region, (height, width)
 * @param spatialScale the factor from the coordinates of regions to pixels of x
 * @throws ShapeError if shapes do not fit, IndexError for an image outside the batch, ValueError unless the scale is
 *   positive, DTypeError unless x and rois are floats of one dtype and roiIndices int32.
 */
export function roiAveragePooling2d(
  x: FunctionOperand,
  rois: FunctionOperand,
  roiIndices: FunctionOperand,
  outsize: Sizes,
  spatialScale: number,
): Variable {
  x = input('roiAveragePooling2d', 'x', x, rois);
  rois = input('roiAveragePooling2d', 'rois', rois, x);
  roiIndices = wholeInput('roiAveragePooling2d', 'roiIndices', roiIndices);
  checkScalars('roiAveragePooling2d', { spatialScale });
  const plan = roiPlan('roiAveragePooling2d', x, rois, roiIndices, outsize, spatialScale);
  const bins = binPixels(plan, x.shape, false).map((places) => ({
    places,
    weights: places.map(() => 1 / places.length),
  }));
  return binsAsImages(weightedSums(x, bins), plan.rois.length, plan.outsize);
}
