import { addInPlace, sign } from '../ndarray/np.js';
import { type Optimizer, type OptimizerHook, paramsWithGrad } from '../optimizers/optimizer.js';
import { checkFinite } from '../options.js';
import { type HookOptions, timingOf } from './hook-options.js';

/** Adds rate·sign(p) to each gradient: the gradient of an L1 penalty rate·Σ|p|. Follows chainer.optimizer_hooks.Lasso. */
export class Lasso implements OptimizerHook {
  readonly name = 'Lasso';
  readonly timing: 'pre' | 'post';

  constructor(
    /** The factor of the parameters' signs. */
    public rate: number,
    options: HookOptions = {},
  ) {
    checkFinite('Lasso', 'rate', rate);
    this.timing = timingOf('Lasso', options);
  }

  apply(optimizer: Optimizer): void {
    for (const { array, grad } of paramsWithGrad(optimizer.target)) addInPlace(grad.array, sign(array).mul(this.rate));
  }
}
