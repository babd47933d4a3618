import { addInPlace, astype, type NDArray, random } from '../ndarray/np.js';
import { type Optimizer, type OptimizerHook, paramsWithGrad } from '../optimizers/optimizer.js';
import { checkFinite } from '../options.js';
import { type HookOptions, timingOf } from './hook-options.js';

/** Makes noise shaped like a gradient. */
export type NoiseFunction = (grad: NDArray, hook: GradientNoise, optimizer: Optimizer) => NDArray;

/** Draws N(0, s²) with s² = eta / (1+t)^0.55 on the device (Neelakantan et al., 2015). */
export const exponentialDecayNoise: NoiseFunction = (grad, { eta }, { t }) => {
  const deviation = Math.sqrt(eta / (1 + t) ** 0.55);
  return astype(random.drawOnDevice('normal', grad.shape, grad.device), grad.dtype).mul(deviation);
};

/** Adds noise to each gradient, exponentially decaying by default. Follows chainer.optimizer_hooks.GradientNoise. */
export class GradientNoise implements OptimizerHook {
  readonly name = 'GradientNoise';
  readonly timing: 'pre' | 'post';

  constructor(
    /** The variance of the noise at the first update. */
    readonly eta: number,
    /** Draws the noise for a parameter. */
    readonly noiseFunc: NoiseFunction = exponentialDecayNoise,
    options: HookOptions = {},
  ) {
    checkFinite('GradientNoise', 'eta', eta);
    this.timing = timingOf('GradientNoise', options);
  }

  apply(optimizer: Optimizer): void {
    for (const { grad } of paramsWithGrad(optimizer.target)) {
      addInPlace(grad.array, this.noiseFunc(grad.array, this, optimizer));
    }
  }
}
