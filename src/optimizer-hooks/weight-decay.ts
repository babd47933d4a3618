import { addInPlace } from '../ndarray/np.js';
import { type Optimizer, type OptimizerHook, paramsWithGrad } from '../optimizers/optimizer.js';
import { checkFinite } from '../options.js';
import { type HookOptions, timingOf } from './hook-options.js';

/** Adds rate·p to each gradient: the gradient of an L2 penalty rate/2·Σp². Follows chainer.optimizer_hooks.WeightDecay. */
export class WeightDecay implements OptimizerHook {
  readonly name = 'WeightDecay';
  readonly timing: 'pre' | 'post';

  constructor(
    /** The factor of the parameters. */
    public rate: number,
    options: HookOptions = {},
  ) {
    checkFinite('WeightDecay', 'rate', rate);
    this.timing = timingOf('WeightDecay', options);
  }

  apply(optimizer: Optimizer): void {
    for (const { array, grad } of paramsWithGrad(optimizer.target)) addInPlace(grad.array, array.mul(this.rate));
  }
}
