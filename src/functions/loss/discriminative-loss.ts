import { asVariable, type Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { arange, astype, equal, less, maximum, type NDArray, sum as sumArray } from '../../ndarray/np.js';
import { formatShape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { relu } from '../activation/relu.js';
import { labelsOf } from '../arguments/labels.js';
import {
  checkFloating,
  checkNdim,
  checkScalars,
  type FunctionOperand,
  input,
  wholeInput,
} from '../arguments/operands.js';
import { expandDims } from '../array/expand-dims.js';
import { reshape } from '../array/reshape.js';
import { absolute } from '../math/absolute.js';
import { div } from '../math/divide.js';
import { mul } from '../math/multiply.js';
import { square } from '../math/square.js';
import { sub } from '../math/subtract.js';
import { sum } from '../math/sum.js';
import { euclideanNorm } from './euclidean.js';

/** Options of {@link discriminativeMarginBasedClusteringLoss}. */
export interface DiscriminativeLossOptions {
  /** The norm of distances: 1 adds up absolute values, 2 is Euclidean. Default 1. */
  norm?: 1 | 2;
  /** The weights of the three losses. Defaults 1, 1 and 0.001. */
  alpha?: number;
  /** Weight of the term that pushes clusters apart. Default 1. */
  beta?: number;
  /** Weight of the term that keeps clusters near the origin. Default 0.001. */
  gamma?: number;
}

const NORMS = {
  1: (x: Variable, axis: number | readonly number[]) => sum(absolute(x), axis),
  2: euclideanNorm,
} as const;

/**
 * Three losses that pull the embeddings of one instance's pixels together, and push those of different instances apart
 * (arXiv:1708.02551). Each loss is an average:
 *
 * - variance, alpha·max(‖centre − pixel‖ − deltaV, 0)² over the pixels of an instance;
 * - distance, beta·max(2·deltaD − ‖centre a − centre b‖, 0)² over pairs of instances;
 * - regularization, gamma·‖centres‖.
 *
 * embeddings (N, K, H, W), labels (N, H, W) integers: 1 … K name instances, other labels are ignored. An instance's centre is
 * the mean of its pixels' embeddings. K is `maxEmbeddingDim`. Follows
 * chainer.functions.discriminative_margin_based_clustering_loss; unlike there, the gradient of a Euclidean distance 0 is 0,
 * not NaN.
 *
 * @throws ShapeError if shapes do not fit, DTypeError if dtypes do not fit, ValueError for an unknown norm.
 */
export function discriminativeMarginBasedClusteringLoss(
  embeddings: FunctionOperand,
  labels: FunctionOperand,
  deltaV: number,
  deltaD: number,
  maxEmbeddingDim: number,
  options: DiscriminativeLossOptions = {},
): [variance: Variable, distance: Variable, regularization: Variable] {
  embeddings = input('discriminativeMarginBasedClusteringLoss', 'embeddings', embeddings);
  labels = wholeInput('discriminativeMarginBasedClusteringLoss', 'labels', labels);
  checkScalars('discriminativeMarginBasedClusteringLoss', { deltaV, deltaD, maxEmbeddingDim });
  checkOptions('discriminativeMarginBasedClusteringLoss', options, { norm: 1, alpha: 1, beta: 1, gamma: 1 });
  const { norm = 1, alpha = 1, beta = 1, gamma = 0.001 } = options;
  const op = 'discriminativeMarginBasedClusteringLoss';
  if (norm !== 1 && norm !== 2) throw new ValueError(`${op}: norm is ${norm}, expected 1 or 2`);
  const length = NORMS[norm];
  const x = asVariable(embeddings);
  checkFloating(op, x.array);
  checkNdim(op, 'embeddings', x, 'N, K, H, W');
  const [n, k, h, w] = x.shape;
  if (k !== maxEmbeddingDim || k === 0) {
    throw new ShapeError(
      `${op}: embeddings ${formatShape(x.shape)} do not fit a maxEmbeddingDim of ${maxEmbeddingDim}`,
    );
  }
  const masks = instanceMasks(op, labelsOf(op, labels), x);
  // Axes: instance, image, dimension, pixels.
  const pixels = reshape(x, [1, n, k, h * w]);
  const sizes = sumArray(masks, 3);
  const centres = div(sum(mul(pixels, masks), 3), maximum(sizes, 1));

  const regularization = div(sum(length(centres, [1, 2])), k * n);
  const spread = relu(sub(length(mul(sub(expandDims(centres, 3), pixels), masks), 2), deltaV));
  const perInstance = div(sum(square(spread), [1, 2]), maximum(sumArray(sizes, [1, 2]), 1));
  const variance = div(sum(perInstance), k);
  return [mul(variance, alpha), mul(distanceLoss(centres, deltaD, length), beta), mul(regularization, gamma)];
}

/** 1 where a pixel belongs to an instance, of x's dtype: (K, N, 1, H·W). */
function instanceMasks(op: string, labels: NDArray, x: Variable): NDArray {
  const [n, k, h, w] = x.shape;
  if (labels.ndim !== 3 || labels.shape[0] !== n || labels.shape[1] !== h || labels.shape[2] !== w) {
    throw new ShapeError(`${op}: labels ${formatShape(labels.shape)} do not fit embeddings ${formatShape(x.shape)}`);
  }
  const instances = arange(1, k + 1, 1, { device: labels.device.name }).reshape([k, 1, 1, 1]);
  return astype(equal(labels.reshape([1, n, 1, h * w]), instances), x.dtype);
}

/** The mean over images and pairs of instances of max(2·deltaD − distance, 0)²; centres (K, N, dimension). */
function distanceLoss(centres: Variable, deltaD: number, length: (x: Variable, axis: number) => Variable): Variable {
  const [k, n] = centres.shape;
  const distances = length(sub(expandDims(centres, 1), expandDims(centres, 0)), 3);
  const places = arange(0, k, 1, { device: centres.array.device.name });
  // Each pair once: the first instance before the second.
  const once = astype(less(places.reshape([k, 1, 1]), places.reshape([1, k, 1])), centres.dtype);
  const losses = mul(square(relu(sub(2 * deltaD, distances))), once);
  return div(sum(losses), Math.max(((k * (k - 1)) / 2) * n, 1));
}
