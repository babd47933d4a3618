import { ValueError } from '../errors.js';
import { type Optimizer, type OptimizerHook, paramsWithGrad } from '../optimizers/optimizer.js';
import { inWords } from '../options.js';
import { type HookOptions, timingOf } from './hook-options.js';

/** Limits each element of each gradient to [lower, upper]. Follows chainer.optimizer_hooks.GradientHardClipping. */
export class GradientHardClipping implements OptimizerHook {
  readonly name = 'GradientHardClipping';
  readonly timing: 'pre' | 'post';

  constructor(
    /** The lower limit of a gradient's elements. */
    public lowerBound: number,
    /** The upper limit of a gradient's elements. */
    public upperBound: number,
    options: HookOptions = {},
  ) {
    for (const bound of [lowerBound, upperBound])
      if (typeof bound !== 'number' || Number.isNaN(bound))
        throw new ValueError(`GradientHardClipping: a bound is ${inWords(bound)}, expected a number`);
    this.timing = timingOf('GradientHardClipping', options);
  }

  apply(optimizer: Optimizer): void {
    for (const { grad } of paramsWithGrad(optimizer.target)) {
      const { device } = grad.array;
      device.binary('maximum', grad.array, this.lowerBound, grad.array);
      device.binary('minimum', grad.array, this.upperBound, grad.array);
    }
  }
}
