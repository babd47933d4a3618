import { composed } from '../../core/composed.js';
import { config } from '../../core/config.js';
import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { asVariable } from '../../core/variable.js';
import { allocate } from '../../ndarray/ndarray.js';
import { multiply, type NDArray } from '../../ndarray/np.js';
import type { Axis } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { add } from '../math/add.js';
import { mean } from '../math/average.js';
import { mul } from '../math/multiply.js';
import { rsqrt } from '../math/rsqrt.js';
import { square } from '../math/square.js';
import { sub } from '../math/subtract.js';
import { sum } from '../math/sum.js';
import { type BatchAxes, batchAxes } from './batch-axes.js';
import { comomentsOf, momentsOf } from './moments.js';
import { updateRunning } from './running-statistics.js';

/** Options of {@link batchNormalization}. */
export interface BatchNormalizationOptions {
  /** Added to the variance. Default 2e-5. */
  eps?: number;
  /** The running mean. The mean of the batch is mixed into it, in place. Default none. */
  runningMean?: NDArray | null;
  /** The running variance. The variance of the batch times m/(m−1) is mixed into it, in place. Default none. */
  runningVar?: NDArray | null;
  /** The weight of the old running statistics. Default 0.9. */
  decay?: number;
  /** The axes that statistics are taken over. Default: the first axis, and all after those of gamma. */
  axis?: Axis;
}

/** The gradients of one batch. gx is computed only when it is called. */
interface Gradients {
  gx(): Variable;
  /** The gradient of gamma, with normalized axes of length 1; gbeta has the same shape. */
  readonly ggamma: Variable;
  readonly gbeta: Variable;
}

/** Statistics of a batch, with normalized axes of length 1; `inverseStd` is 1/√(variance + eps). */
type Statistics = [mean: NDArray, variance: NDArray, inverseStd: NDArray];

class BatchNormalization extends FunctionNode<[x: NDArray, gamma: NDArray, beta: NDArray], Statistics> {
  constructor(
    private readonly axes: BatchAxes,
    private readonly eps: number,
  ) {
    super();
  }

  get statistics(): Statistics {
    return this.saved;
  }

  override forward([x, gamma, beta]: [NDArray, NDArray, NDArray]): NDArray[] {
    checkFloating('batchNormalization', x, gamma, beta);
    const { axes, broadcast } = this.axes;
    this.retainInputs(0, 1);
    const { mean, variance } = momentsOf(x, axes);
    const inverseStd = variance.add(this.eps).sqrt();
    x.device.unary('reciprocal', inverseStd, inverseStd);
    this.save(mean, variance, inverseStd);
    const scale = multiply(inverseStd, gamma.reshape(broadcast));
    const y = allocate(x.shape, x.dtype, x.device);
    x.device.affine(x, { center: mean, scale, shift: beta.reshape(broadcast) }, null, y);
    return [y];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x, gamma] = this.getRetainedInputs();
    const gradients = config.enableBackprop ? this.#differentiable(x, gamma, gy) : this.#fused(x, gamma, gy);
    return targets.map((i) =>
      i === 0 ? gradients.gx() : reshape(gradients[i === 1 ? 'ggamma' : 'gbeta'], this.axes.kept),
    );
  }

  /** gx = γ/σ·(gy − mean(gy) − x̂·mean(gy·x̂)), in one walk over x and gy for the means and one for the rest. */
  #fused({ array: x }: Variable, { array: gamma }: Variable, { array: gy }: Variable): Gradients {
    const { axes, broadcast, count } = this.axes;
    const [mean, , inverseStd] = this.saved;
    const { sum: gbeta, product } = comomentsOf(x, mean, gy, axes);
    const ggamma = multiply(product, inverseStd);
    const gx = () => {
      const scale = multiply(inverseStd, gamma.reshape(broadcast));
      const share = multiply(scale, -1 / count);
      const coefficients = {
        center: mean,
        scale: multiply(multiply(share, inverseStd), ggamma),
        shift: multiply(share, gbeta),
      };
      const out = allocate(x.shape, x.dtype, x.device);
      x.device.affine(x, coefficients, { y: gy, scale }, out);
      return asVariable(out);
    };
    return { gx, ggamma: asVariable(ggamma), gbeta: asVariable(gbeta) };
  }

  /** The same gradients, as differentiable functions of x, γ and gy. */
  #differentiable(x: Variable, gamma: Variable, gy: Variable): Gradients {
    const { axes, broadcast, count } = this.axes;
    const centred = sub(x, mean(x, axes, true));
    const inverseStd = rsqrt(add(mean(square(centred), axes, true), this.eps));
    const gbeta = sum(gy, axes, true);
    const ggamma = mul(sum(mul(gy, centred), axes, true), inverseStd);
    const gx = () => {
      const scale = mul(reshape(gamma, broadcast), inverseStd);
      const along = mul(mul(ggamma, inverseStd), 1 / count);
      return mul(sub(sub(gy, mul(gbeta, 1 / count)), mul(centred, along)), scale);
    };
    return { gx, ggamma, gbeta };
  }
}

/**
 * γ·(x − mean)/√(variance + eps) + β with the statistics of the batch: x (N, C, …), gamma and beta (C,), or of the shape of x without
 * the normalized axes. It uses the statistics of the batch in test mode too; use fixedBatchNormalization there. Running statistics do
 * not change while `config.inRecomputing`. Follows chainer.functions.batch_normalization (Ioffe and Szegedy, arXiv:1502.03167).
 *
 * @example
 * const x = np.array([[1], [3]]);
 * F.batchNormalization(x, np.ones(1), np.zeros(1), { eps: 0 }).tolist(); // [[-1], [1]]
 *
 * @throws ShapeError if gamma, beta or running statistics do not fit, DTypeError if dtypes differ or are not floating.
 */
export function batchNormalization(
  x: FunctionOperand,
  gamma: FunctionOperand,
  beta: FunctionOperand,
  options: BatchNormalizationOptions = {},
): Variable {
  x = input('batchNormalization', 'x', x, gamma);
  gamma = input('batchNormalization', 'gamma', gamma, x);
  beta = input('batchNormalization', 'beta', beta, x);
  checkOptions('batchNormalization', options, { eps: 1, runningMean: 1, runningVar: 1, decay: 1, axis: 1 });
  return composed(() => {
    const { eps = 2e-5, runningMean = null, runningVar = null, decay = 0.9, axis = null } = options;
    const op = 'batchNormalization';
    const params = { gamma, beta, ...(runningMean && { runningMean }), ...(runningVar && { runningVar }) };
    const axes = batchAxes(op, arrayOf(x), axis, params);
    const node = new BatchNormalization(axes, eps);
    const [y] = node.apply([x, gamma, beta]);
    const [mean, variance] = node.statistics;
    if (runningMean) updateRunning(runningMean, mean, decay);
    if (runningVar) updateRunning(runningVar, variance, decay, axes.count);
    return y;
  });
}
