import { config } from '../../core/config.js';
import { FunctionNode } from '../../core/function-node.js';
import { asVariable, type Variable } from '../../core/variable.js';
import { allocate } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import type { Axis } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { add } from '../math/add.js';
import { mul } from '../math/multiply.js';
import { neg } from '../math/negative.js';
import { rsqrt } from '../math/rsqrt.js';
import { square } from '../math/square.js';
import { sub } from '../math/subtract.js';
import { sum } from '../math/sum.js';
import { type BatchAxes, batchAxes } from './batch-axes.js';
import { comomentsOf } from './moments.js';

/** Options of {@link fixedBatchNormalization}. */
export interface FixedBatchNormalizationOptions {
  /** Added to the variance. Default 2e-5. */
  eps?: number;
  /** The axes that the statistics were taken over. Default: the first axis, and all after those of gamma. */
  axis?: Axis;
}

class FixedBatchNormalization extends FunctionNode {
  constructor(
    private readonly axes: BatchAxes,
    private readonly eps: number,
  ) {
    super();
  }

  override forward([x, gamma, beta, mean, variance]: readonly NDArray[]): NDArray[] {
    this.save();
    const { broadcast } = this.axes;
    this.retainInputs(0, 1, 3, 4);
    const scale = variance.add(this.eps).sqrt();
    x.device.binary('divide', gamma, scale, scale);
    const coefficients = {
      center: mean.reshape(broadcast),
      scale: scale.reshape(broadcast),
      shift: beta.reshape(broadcast),
    };
    const y = allocate(x.shape, x.dtype, x.device);
    x.device.affine(x, coefficients, null, y);
    return [y];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const { broadcast } = this.axes;
    const [x, gamma, mean, variance] = this.getRetainedInputs();
    const inverseStd = rsqrt(add(variance, this.eps));
    const scale = mul(gamma, inverseStd);
    const gx = () => mul(gy, reshape(scale, broadcast));
    if (targets.every((i) => i === 0)) return targets.map(gx);
    const [gbeta, product] = this.#sums(x, mean, gy);
    const gradients = [
      gx,
      () => mul(product, inverseStd),
      () => gbeta,
      () => neg(mul(gbeta, scale)),
      () => mul(mul(product, mul(scale, square(inverseStd))), -0.5),
    ];
    return targets.map((i) => gradients[i]());
  }

  /** Σ gy and Σ gy·(x − mean); differentiable while backward is recorded. */
  #sums(x: Variable, mean: Variable, gy: Variable): [gbeta: Variable, product: Variable] {
    const { axes, kept, broadcast } = this.axes;
    const center = reshape(mean, broadcast);
    if (config.enableBackprop) return [sum(gy, axes), sum(mul(gy, sub(x, center)), axes)];
    const sums = comomentsOf(x.array, center.array, gy.array, axes);
    return [asVariable(sums.sum.reshape(kept)), asVariable(sums.product.reshape(kept))];
  }
}

/**
 * γ·(x − mean)/√(variance + eps) + β with given statistics: x (N, C, …), the others (C,), or of the shape of x
 * without the normalized axes. Follows chainer.functions.fixed_batch_normalization.
 *
 * @throws ShapeError if an array does not fit, DTypeError if dtypes differ or are not floating.
 */
export function fixedBatchNormalization(
  x: FunctionOperand,
  gamma: FunctionOperand,
  beta: FunctionOperand,
  mean: FunctionOperand,
  variance: FunctionOperand,
  options: FixedBatchNormalizationOptions = {},
): Variable {
  x = input('fixedBatchNormalization', 'x', x, gamma);
  gamma = input('fixedBatchNormalization', 'gamma', gamma, x);
  beta = input('fixedBatchNormalization', 'beta', beta, x);
  mean = input('fixedBatchNormalization', 'mean', mean, x);
  variance = input('fixedBatchNormalization', 'variance', variance, x);
  checkOptions('fixedBatchNormalization', options, { eps: 1, axis: 1 });
  const { eps = 2e-5, axis = null } = options;
  const op = 'fixedBatchNormalization';
  checkFloating(op, ...[x, gamma, beta, mean, variance].map(arrayOf));
  const axes = batchAxes(op, x, axis, { gamma, beta, mean, variance });
  return new FixedBatchNormalization(axes, eps).apply([x, gamma, beta, mean, variance])[0];
}
