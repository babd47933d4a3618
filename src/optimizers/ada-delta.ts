import { hyperparametersOf, type NamedHyperparameters } from './hyperparameters.js';
import { Optimizer } from './optimizer.js';
import type { Algorithm } from './update-rule.js';

/** Hyperparameters of {@link AdaDelta}. */
export interface AdaDeltaHyperparameters {
  /** Decay of the means. Default 0.95. */
  rho: number;
  /** The number added inside the roots. Default 1e-6. */
  eps: number;
}

const ALGORITHM: Algorithm<AdaDeltaHyperparameters> = {
  primitive: 'adaDelta',
  states: { msg: 0, msdx: 0 },
  numbers: ({ rho, eps }) => [rho, eps],
};

export interface AdaDelta extends AdaDeltaHyperparameters {}

/**
 * AdaDelta (Zeiler, 2012), which has no learning rate: msg = rho·msg + (1−rho)·g²; dx = √((msdx+eps)/(msg+eps))·g;
 * msdx = rho·msdx + (1−rho)·dx²; p −= dx. Follows chainer.optimizers.AdaDelta.
 */
export class AdaDelta extends Optimizer<AdaDeltaHyperparameters> {
  constructor(rho?: number, eps?: number);
  constructor(hyperparameters: NamedHyperparameters<AdaDeltaHyperparameters>);
  constructor(...given: readonly unknown[]) {
    const defaults = { rho: 0.95, eps: 1e-6 };
    super(ALGORITHM, hyperparametersOf(new.target.name, defaults, ['rho', 'eps'], given));
  }
}
