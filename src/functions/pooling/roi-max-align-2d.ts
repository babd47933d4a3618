import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkScalars, type FunctionOperand, input, wholeInput } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { binsAsImages, maximaOfSums } from './pixel-lists.js';
import type { RoiAverageAlign2dOptions } from './roi-average-align-2d.js';
import { gridPoints } from './roi-grid.js';
import { roiPlan } from './rois.js';

/** Options of {@link roiMaxAlign2d}. */
export type RoiMaxAlign2dOptions = RoiAverageAlign2dOptions;

/**
 * The maximum over the sample points of each bin of each region. Values between pixels are interpolated linearly. A bin without a
 * point in the image gives -Infinity, as in Chainer.
 * x (N, C, H, W), rois (R, 4) with rows (y1, x1, y2, x2), roiIndices (R,) int32, the image of each region → (R, C, oh, ow).
 * The regions are read on the host; no gradient flows to them. Follows chainer.functions.roi_max_align_2d.
 *
 * @param outsize the number of bins of a region, (height, width)
 * @param spatialScale the factor from the coordinates of regions to pixels of x
 * @throws ShapeError if shapes do not fit, IndexError for an image outside the batch, ValueError unless the scale is
 *   positive, DTypeError unless x and rois are floats of one dtype and roiIndices int32.
 */
export function roiMaxAlign2d(
  x: FunctionOperand,
  rois: FunctionOperand,
  roiIndices: FunctionOperand,
  outsize: Sizes,
  spatialScale: number,
  options: RoiMaxAlign2dOptions = {},
): Variable {
  x = input('roiMaxAlign2d', 'x', x, rois);
  rois = input('roiMaxAlign2d', 'rois', rois, x);
  roiIndices = wholeInput('roiMaxAlign2d', 'roiIndices', roiIndices);
  checkOptions('roiMaxAlign2d', options, { samplingRatio: 1 });
  checkScalars('roiMaxAlign2d', { spatialScale });
  const { samplingRatio = null } = options;
  const op = 'roiMaxAlign2d';
  const plan = roiPlan(op, x, rois, roiIndices, outsize, spatialScale);
  const bins = gridPoints(op, plan, x.shape, samplingRatio).map(({ points }) => points);
  return binsAsImages(maximaOfSums(x, bins), plan.rois.length, plan.outsize);
}
