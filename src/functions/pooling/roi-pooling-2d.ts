import type { Variable } from '../../core/variable.js';
import { checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { binsAsImages, maxima } from './pixel-lists.js';
import { binPixels } from './roi-bins.js';
import { roiPlanWithImages } from './rois.js';

/**
 * The maximum over each bin of each region, 0 where a bin has no pixels: x (N, C, H, W), rois (R, 5) with rows (image, x1,
 * y1, x2, y2), both edges included → (R, C, outh, outw). The regions are read on the host; no gradient flows to them.
 * Follows chainer.functions.roi_pooling_2d (Girshick, arXiv:1504.08083).
 *
 * @param spatialScale the factor from the coordinates of regions to pixels of x
 * @throws ShapeError if shapes do not fit, IndexError for an image outside the batch, ValueError unless the scale is
 *   positive, DTypeError unless x and rois are floats of one dtype.
 */
export function roiPooling2d(
  x: FunctionOperand,
  rois: FunctionOperand,
  outh: number,
  outw: number,
  spatialScale: number,
): Variable {
  x = input('roiPooling2d', 'x', x, rois);
  rois = input('roiPooling2d', 'rois', rois, x);
  checkScalars('roiPooling2d', { outh, outw, spatialScale });
  const plan = roiPlanWithImages('roiPooling2d', x, rois, [outh, outw], spatialScale);
  return binsAsImages(maxima(x, binPixels(plan, x.shape, true)), plan.rois.length, plan.outsize);
}
