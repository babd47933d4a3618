import { hyperparametersOf, type NamedHyperparameters } from './hyperparameters.js';
import { Optimizer } from './optimizer.js';
import type { Algorithm } from './update-rule.js';

/** Hyperparameters of {@link AdaGrad}. */
export interface AdaGradHyperparameters {
  /** Learning rate. Default 0.001. */
  lr: number;
  /** The number added to the root. Default 1e-8. */
  eps: number;
}

const ALGORITHM: Algorithm<AdaGradHyperparameters> = {
  primitive: 'adaGrad',
  states: { h: 0 },
  numbers: ({ lr, eps }) => [lr, eps],
};

export interface AdaGrad extends AdaGradHyperparameters {}

/** AdaGrad (Duchi et al., 2011): h += g²; p −= lr·g/(√h + eps). Follows chainer.optimizers.AdaGrad. */
export class AdaGrad extends Optimizer<AdaGradHyperparameters> {
  constructor(lr?: number, eps?: number);
  constructor(hyperparameters: NamedHyperparameters<AdaGradHyperparameters>);
  constructor(...given: readonly unknown[]) {
    const defaults = { lr: 0.001, eps: 1e-8 };
    super(ALGORITHM, hyperparametersOf(new.target.name, defaults, ['lr', 'eps'], given));
  }
}
