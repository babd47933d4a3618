import type { Variable } from '../../core/variable.js';
import { checkOptions } from '../../options.js';
import { checkScalars, type FunctionOperand, input, wholeInput } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { binsAsImages, weightedSums } from './pixel-lists.js';
import { gridPoints, type SamplingRatio } from './roi-grid.js';
import { roiPlan } from './rois.js';

/** Options of {@link roiAverageAlign2d}. */
export interface RoiAverageAlign2dOptions {
  /** The number of sample points of a bin along each axis. null takes one point for each pixel of the length. Default null. */
  samplingRatio?: SamplingRatio;
}

/**
 * The mean over the sample points of each bin of each region. Values between pixels are interpolated linearly; outside the image
 * they are 0.
 * x (N, C, H, W), rois (R, 4) with rows (y1, x1, y2, x2), roiIndices (R,) int32, the image of each region → (R, C, oh, ow).
 * The regions are read on the host; no gradient flows to them. Follows chainer.functions.roi_average_align_2d.
 *
 * @param outsize the number of bins of a region, (height, width)
 * @param spatialScale the factor from the coordinates of regions to pixels of x
 * @throws ShapeError if shapes do not fit, IndexError for an image outside the batch, ValueError unless the scale is
 *   positive, DTypeError unless x and rois are floats of one dtype and roiIndices int32.
 */
export function roiAverageAlign2d(
  x: FunctionOperand,
  rois: FunctionOperand,
  roiIndices: FunctionOperand,
  outsize: Sizes,
  spatialScale: number,
  options: RoiAverageAlign2dOptions = {},
): Variable {
  x = input('roiAverageAlign2d', 'x', x, rois);
  rois = input('roiAverageAlign2d', 'rois', rois, x);
  roiIndices = wholeInput('roiAverageAlign2d', 'roiIndices', roiIndices);
  checkScalars('roiAverageAlign2d', { spatialScale });
  checkOptions('roiAverageAlign2d', options, { samplingRatio: 1 });
  const { samplingRatio = null } = options;
  const op = 'roiAverageAlign2d';
  const plan = roiPlan(op, x, rois, roiIndices, outsize, spatialScale);
  const bins = gridPoints(op, plan, x.shape, samplingRatio).map(({ points, count }) => ({
    places: points.flatMap(({ places }) => places),
    weights: points.flatMap(({ weights }) => weights.map((weight) => weight / count)),
  }));
  return binsAsImages(weightedSums(x, bins), plan.rois.length, plan.outsize);
}
