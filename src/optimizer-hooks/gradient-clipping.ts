import { ValueError } from '../errors.js';
import { add, divide, minimum, type NDArray, sqrt, square, sum } from '../ndarray/np.js';
import { type Optimizer, type OptimizerHook, paramsWithGrad } from '../optimizers/optimizer.js';
import { inWords } from '../options.js';
import { type HookOptions, timingOf } from './hook-options.js';
import { scaleInPlace } from './scale-in-place.js';

/**
 * Scales all gradients by min(1, threshold/n), where n is the norm of all gradients together (Pascanu et al., 2013). It reads nothing
 * back from the device. Follows chainer.optimizer_hooks.GradientClipping.
 */
export class GradientClipping implements OptimizerHook {
  readonly name = 'GradientClipping';
  readonly timing: 'pre' | 'post';

  constructor(
    /** The largest norm of all gradients together. */
    public threshold: number,
    options: HookOptions = {},
  ) {
    if (typeof threshold !== 'number' || Number.isNaN(threshold))
      throw new ValueError(`GradientClipping: threshold is ${inWords(threshold)}, expected a number`);
    this.timing = timingOf('GradientClipping', options);
  }

  apply(optimizer: Optimizer): void {
    const grads = [...paramsWithGrad(optimizer.target)].map(({ grad }) => grad.array);
    if (grads.length === 0) return;
    const squares = grads.map((g): NDArray => sum(square(g))).reduce(add);
    const rate = minimum(divide(this.threshold, sqrt(squares)), 1);
    for (const g of grads) scaleInPlace(g, rate);
  }
}
