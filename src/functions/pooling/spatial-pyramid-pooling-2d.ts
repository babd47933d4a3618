import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { checkPlaces } from '../arguments/listed-sizes.js';
import { arrayOf, checkNdim, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { concat } from '../array/concat.js';
import { reshape } from '../array/reshape.js';
import { maxPooling2d } from './max-pooling-2d.js';

/** Options of {@link spatialPyramidPooling2d}. */
export interface SpatialPyramidPooling2dOptions {
  /** Must be `max`, as in Chainer. Default `max`. */
  pooling?: 'max';
}

/**
 * Level l divides the image into 4ˡ bins and takes the maximum of each bin; the levels l < `pyramidHeight` are joined:
 * x (N, C, H, W) → (N, C·Σ 4ˡ, 1, 1), for any H and W. Follows chainer.functions.spatial_pyramid_pooling_2d (He et al.,
 * arXiv:1406.4729).
 *
 * @throws ShapeError if x is not (N, C, H, W), ValueError unless `pooling` is `max` and
 *   `pyramidHeight` a positive integer.
 */
export function spatialPyramidPooling2d(
  x: FunctionOperand,
  pyramidHeight: number,
  options: SpatialPyramidPooling2dOptions = {},
): Variable {
  x = input('spatialPyramidPooling2d', 'x', x);
  checkScalars('spatialPyramidPooling2d', { pyramidHeight });
  checkOptions('spatialPyramidPooling2d', options, { pooling: 1 });
  const { pooling = 'max' } = options;
  const op = 'spatialPyramidPooling2d';
  if (pooling !== 'max') throw new ValueError(`${op}: pooling is '${pooling}', expected 'max'`);
  if (!Number.isInteger(pyramidHeight) || pyramidHeight < 1) {
    throw new ValueError(`${op}: pyramidHeight is ${pyramidHeight}, expected a positive integer`);
  }
  checkNdim(op, 'x', x, 'N, C, H, W');
  const [n, channels, ...lengths] = x.shape;
  // Level l has 4ˡ bins.
  checkPlaces(op, arrayOf(x), [n, (channels * (4 ** pyramidHeight - 1)) / 3]);
  const levels = Array.from({ length: pyramidHeight }, (_, level) => {
    const bins = 2 ** level;
    const ksize = lengths.map((length) => Math.ceil(length / bins));
    const pad = ksize.map((k, i) => Math.floor((k * bins - lengths[i]) / 2));
    const y = maxPooling2d(x, ksize, null, pad);
    return reshape(y, [n, sizeOf(y.shape.slice(1)), 1, 1]);
  });
  return concat(levels, 1);
}
