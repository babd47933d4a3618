import { add, addInPlace, divide, greater, type NDArray, sqrt, square, sum, where } from '../ndarray/np.js';
import { type Optimizer, type OptimizerHook, paramsWithGrad } from '../optimizers/optimizer.js';
import { checkNumbers, checkOptions } from '../options.js';
import { checkTiming, type HookOptions } from './hook-options.js';
import { scaleInPlace } from './scale-in-place.js';

/** Options of {@link GradientLARS}. */
export interface GradientLARSOptions extends HookOptions {
  /** The rate of a weight decay, which is scaled like the gradient. Default 0. */
  weightDecay?: number;
  /** The number added to the denominator. Default 1e-9. */
  eps?: number;
}

/**
 * Scales each gradient to its parameter (You et al., "Large batch training of convolutional networks", 2017):
 * g = r·(g + weightDecay·p) with r = ‖p‖/(eps + ‖g‖ + weightDecay·‖p‖) where ‖p‖ > threshold, else 1. Follows
 * chainer.optimizer_hooks.GradientLARS.
 */
export class GradientLARS implements OptimizerHook {
  readonly name = 'GradientLARS';
  readonly timing: 'pre' | 'post';
  /** The rate of the weight decay. Default 0. */
  readonly weightDecay: number;
  /** The number that is added to the denominator. Default 1e-9. */
  readonly eps: number;

  constructor(
    /** The gradients of parameters whose norm is not above this are not scaled. */
    readonly threshold = 0.01,
    options: GradientLARSOptions = {},
  ) {
    checkOptions('GradientLARS', options, { timing: 'pre', weightDecay: 0, eps: 1e-9 });
    const { weightDecay = 0, eps = 1e-9, timing = 'pre' } = options;
    checkNumbers('GradientLARS', { threshold, weightDecay, eps });
    this.weightDecay = weightDecay;
    this.eps = eps;
    this.timing = checkTiming('GradientLARS', timing);
  }

  apply(optimizer: Optimizer): void {
    for (const { array, grad } of paramsWithGrad(optimizer.target)) {
      const size = norm(array);
      const denominator = add(add(norm(grad.array), size.mul(this.weightDecay)), this.eps);
      const rate = where(greater(size, this.threshold), divide(size, denominator), 1);
      addInPlace(grad.array, array.mul(this.weightDecay));
      scaleInPlace(grad.array, rate);
    }
  }
}

function norm(x: NDArray): NDArray {
  return sqrt(sum(square(x)));
}
